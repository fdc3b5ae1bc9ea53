// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QObject>
#include <QTimer>
#include <chrono>
#include <functional>
#include <string>

namespace sealpost::ui {

//! Keeps the draft safe while a person writes: a few seconds after a change, and when asked. One
//! save is under way at a time, so that a new draft gets one id. GUI thread.
class DraftKeeper final : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(const Result<void> &)>;

    DraftKeeper(ComposeService &service, std::function<mail::Draft()> draft, QObject *parent);
    void setDelay(std::chrono::milliseconds delay) { m_timer.setInterval(delay); }

    void touch();
    //! Saves what is not yet saved, then calls `done`.
    void flush(Done done);
    //! From now on the draft with this id is being written; empty: a new one. After flush() alone.
    void adopt(std::string id);
    //! Removes the stored draft and starts a new one.
    void discard();

    [[nodiscard]] bool isDirty() const { return m_dirty || m_saving; }
    [[nodiscard]] const std::string &id() const { return m_id; }

signals:
    void kept();
    void failed(const sealpost::Error &error);

private:
    void save();
    void remove(const std::string &id);
    void finished(const Result<std::string> &result);

    ComposeService &m_service;
    std::function<mail::Draft()> m_draft;
    QTimer m_timer;
    std::string m_id;
    bool m_dirty = false;
    bool m_saving = false;
    bool m_abandoned = false; //!< the save under way is of a discarded draft
    std::vector<Done> m_waiting;
};

} // namespace sealpost::ui
