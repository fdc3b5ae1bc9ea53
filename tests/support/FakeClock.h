// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"

#include <atomic>

namespace sealpost::test {

//! A clock that stands still until a test moves it. Any thread.
class FakeClock final : public Clock {
public:
    //! 2026-03-02T09:00:00Z unless told otherwise.
    explicit FakeClock(Time start = Time(std::chrono::seconds(1'772'442'000)))
        : m_seconds(start.time_since_epoch().count()) {}
    [[nodiscard]] Time now() const override { return Time(std::chrono::seconds(m_seconds.load())); }
    void set(Time time) { m_seconds = time.time_since_epoch().count(); }
    void advance(std::chrono::seconds span) { m_seconds += span.count(); }

private:
    std::atomic<std::chrono::seconds::rep> m_seconds;
};

} // namespace sealpost::test
