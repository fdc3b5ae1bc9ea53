// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QObject>
#include <QTimer>
#include <chrono>

namespace sealpost::ui {

//! Tries, every minute while the window is open, what waits in the outbox and is due. So what was
//! queued without a network goes out once there is one, after a fresh look at its recipients.
class DueSender final : public QObject {
    Q_OBJECT
public:
    DueSender(ComposeService &service, QObject *parent);
    void setPause(std::chrono::milliseconds pause) { m_timer.setInterval(pause); }
    //! Now, and from now on.
    void start();

signals:
    void done(const sealpost::ui::DueSummary &summary);

private:
    void run();

    ComposeService &m_service;
    QTimer m_timer;
    bool m_running = false;
};

} // namespace sealpost::ui
