// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "send/SendPlan.h"
#include "store/AuditJournal.h"

#include <map>
#include <string>

namespace sealpost::send {

//! What every line on a plan holds: digest, account, classes, each recipient's route, the reasons'
//! names and the number of findings. Never content, never a secret.
[[nodiscard]] std::map<std::string, std::string> planFacts(const SendPlan &plan);

//! "plan.blocked": a person asked for this to be sent, and it was not. AuditJournal's errors.
[[nodiscard]] Result<void> journalBlocked(const SendPlan &plan, store::AuditJournal &journal);

} // namespace sealpost::send
