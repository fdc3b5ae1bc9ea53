// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "routing/Route.h"

#include <vector>

namespace sealpost::routing {

//! Which way a message goes to each recipient, and why: a pure function of its arguments.
[[nodiscard]] Decision decide(const MessageFacts &message,
                              const std::vector<RecipientEvidence> &recipients,
                              const AccountFacts &account, const policy::Policy &policy, Time now);

//! The row of the decision table that a message falls into, whoever gets it: Official, Sensitive or
//! Secrets. Findings of low confidence are shown to the person, but do not move the row.
[[nodiscard]] policy::MessageClass classify(const MessageFacts &message);

} // namespace sealpost::routing
