// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Context.h"
#include "cli/MessageOptions.h"
#include "send/SendPlan.h"

#include <memory>

namespace sealpost::cli {

//! The plan for a message, by the runtime's planner. send::dismissalsFor()'s errors, too.
[[nodiscard]] Result<std::shared_ptr<const send::SendPlan>>
makePlan(Context &context, const MessageOptions::Message &message);

} // namespace sealpost::cli
