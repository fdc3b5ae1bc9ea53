// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/RetrySchedule.h"

#include <algorithm>

namespace sealpost::send {

std::optional<Time> nextTry(const RetryRules &rules, Time queued, int attempts, Time now,
                            double chance) {
    constexpr std::chrono::seconds kFirst{60};
    constexpr std::chrono::seconds kLongest{3600};
    constexpr int kMostDoublings = 6;
    constexpr double kSpread = 0.5; // of the delay, half of it to either side
    const auto doublings = std::clamp(attempts - 1, 0, kMostDoublings);
    const auto delay = std::min(kFirst * (1 << doublings), kLongest);
    const auto factor = 1.0 + kSpread * (std::clamp(chance, 0.0, 1.0) - 0.5);
    const auto at =
        now + std::chrono::seconds(static_cast<long>(static_cast<double>(delay.count()) * factor));
    static_assert(kLongest + kLongest / 4 == kLongestPause);
    return at <= queued + rules.within ? std::optional(at) : std::nullopt;
}

bool needsMending(const Error &error) {
    const bool ofTheAccount =
        error.code.starts_with("account.") || error.code.starts_with("oauth.");
    return (ofTheAccount && error.reaction == Reaction::FixInput) ||
           error.code == "submit.auth-failed" || error.code == "proxy.sign-in";
}

} // namespace sealpost::send
