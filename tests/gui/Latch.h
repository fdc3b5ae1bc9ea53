// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>

namespace sealpost::testing {

//! Holds threads until it is opened: a slow server without a clock.
class Latch {
public:
    void close() {
        const std::scoped_lock lock(m_mutex);
        m_open = false;
    }
    void open() {
        const std::scoped_lock lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    void pass() {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.wait(lock, [this] { return m_open; });
        --m_waiting;
    }
    [[nodiscard]] int waiting() {
        const std::scoped_lock lock(m_mutex);
        return m_open ? 0 : m_waiting;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = true;
    int m_waiting = 0;
};

} // namespace sealpost::testing
