// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Output.h"
#include "send/Receipt.h"
#include "send/SendPlan.h"

#include <vector>

namespace sealpost::cli {

//! A plan for people: each recipient's route and why, and what was found.
void printPlan(Output &output, const send::SendPlan &plan);
//! On `err`: who is blocked, why, and what to do next.
void printBlocked(Output &output, const send::SendPlan &plan);
//! On `err`: what is owed, and the option that answers it.
void printOwed(Output &output, const std::vector<routing::Owed> &owed);
//! How each transmission ended; what went wrong goes to `err`, with JSON too.
void printReceipts(Output &output, const std::vector<send::Receipt> &receipts);

} // namespace sealpost::cli
