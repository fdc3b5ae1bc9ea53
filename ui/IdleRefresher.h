// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <chrono>

namespace sealpost::ui {

//! Has revocation lists fetched before a message needs them, every half hour while the window is
//! open, and only once nobody has typed or clicked for a while.
class IdleRefresher final : public QObject {
    Q_OBJECT
public:
    IdleRefresher(ComposeService &service, QObject *parent);
    //! How often it is looked whether it is time, how long nobody may have done anything, and how
    //! long it waits between two refreshes.
    void setPauses(std::chrono::milliseconds look, std::chrono::milliseconds idle,
                   std::chrono::milliseconds between);
    void start();

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void look();

    ComposeService &m_service;
    QTimer m_timer;
    std::chrono::milliseconds m_idle{std::chrono::seconds(30)};
    std::chrono::milliseconds m_between{std::chrono::minutes(30)};
    QElapsedTimer m_lastInput;
    QElapsedTimer m_lastRefresh; //!< not valid before the first
    bool m_running = false;
};

} // namespace sealpost::ui
