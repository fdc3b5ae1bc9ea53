// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace sealpost::base {

//! The moment by which a blocking call gives up; monotonic, copied by value through all layers.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] static Deadline after(std::chrono::milliseconds span) {
        return Deadline(Clock::now() + span);
    }
    //! The earlier of this one and `span` from now: one step's share of a longer work.
    [[nodiscard]] Deadline within(std::chrono::milliseconds span) const {
        return Deadline(std::min(m_at, Clock::now() + span));
    }
    //! Never negative; zero when passed.
    [[nodiscard]] std::chrono::milliseconds remaining() const {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(m_at - Clock::now());
        return std::max(left, std::chrono::milliseconds::zero());
    }
    [[nodiscard]] bool passed() const { return Clock::now() >= m_at; }

private:
    explicit Deadline(Clock::time_point at) : m_at(at) {}
    Clock::time_point m_at;
};

} // namespace sealpost::base

namespace sealpost {
using base::Deadline;
} // namespace sealpost
