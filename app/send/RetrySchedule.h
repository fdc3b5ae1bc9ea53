// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <chrono>
#include <optional>

namespace sealpost::send {

//! When a message that the server did not take for now is tried again by itself.
struct RetryRules {
    std::chrono::hours within{24}; //!< since it was queued; 0: never by itself
};

//! No try is put off for longer. What seems to be was put off under another clock.
inline constexpr std::chrono::seconds kLongestPause{4500};

//! After `attempts` tries, of which the last has just failed at `now`: after one minute, then two,
//! four, and so on to an hour, each up to a quarter longer or shorter by `chance` (0 to 1), so that
//! many clients don't come back at once. None where that would be after the rules' time.
[[nodiscard]] std::optional<Time> nextTry(const RetryRules &rules, Time queued, int attempts,
                                          Time now, double chance);

//! Whether nothing changes until a person has signed in again or entered another password: to try
//! by itself would only lock the account.
[[nodiscard]] bool needsMending(const Error &error);

} // namespace sealpost::send
