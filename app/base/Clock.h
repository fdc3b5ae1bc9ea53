// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace sealpost::base {

//! A point of civil time, UTC, whole seconds.
using Time = std::chrono::sys_seconds;

//! Where the present comes from; injectable, so that tests own it.
class Clock {
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;
    [[nodiscard]] virtual Time now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
};

//! "2026-11-23T14:02:00Z" (RFC 3339 §5.6).
[[nodiscard]] std::string toIso8601(Time time);
//! The reverse of toIso8601; the epoch where the text is not of that form.
[[nodiscard]] Time fromIso8601(const std::string &text);

} // namespace sealpost::base

namespace sealpost {
using base::Clock;
using base::Time;
} // namespace sealpost
