// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan.
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <stop_token>

namespace sealpost::scan {

//! When to give up, asked between blocks of text.
struct Patience {
    Deadline deadline;
    std::stop_token stop;
    std::function<void(double share)> progress{};
    //! Retry "scan.stopped" or "scan.deadline".
    [[nodiscard]] Result<void> check() const {
        if (stop.stop_requested()) {
            return fail("scan.stopped", "scan", Reaction::Retry);
        }
        if (deadline.passed()) {
            return fail("scan.deadline", "scan", Reaction::Retry);
        }
        return {};
    }
    //! Tells how far the work is.
    void reached(std::size_t done, std::size_t of) const {
        if (progress && of > 0) {
            progress(std::min(1.0, static_cast<double>(done) / static_cast<double>(of)));
        }
    }
    [[nodiscard]] Patience withoutProgress() const { return {deadline, stop, {}}; }
};

} // namespace sealpost::scan
