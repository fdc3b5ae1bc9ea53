// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "routing/Route.h"

#include <vector>

namespace sealpost::routing {

//! What holds for a message whoever gets it.
struct MessageVerdict {
    std::vector<Reason> bars; //!< where there is one, nothing goes to anybody
    std::vector<Owed> owed;   //!< empty where there is a bar
};

[[nodiscard]] MessageVerdict judgeMessage(const MessageFacts &message, const AccountFacts &account,
                                          const policy::Policy &policy);

//! What a concern makes of a reason: a bar, something owed, or nothing.
struct Consequence {
    std::vector<Reason> bars;
    std::vector<Owed> owed;
};
[[nodiscard]] Consequence consequenceOf(policy::OnConcern concern, Reason reason, std::string id);

//! A password found beside something that it may open.
struct KeyWithLock {
    const scan::Finding *key = nullptr;
    const scan::Finding *lock = nullptr;
};
//! The first of each; both null unless there are both. Findings of low confidence don't count.
[[nodiscard]] KeyWithLock findKeyWithLock(const std::vector<scan::Finding> &findings);

} // namespace sealpost::routing
