// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Context.h"
#include "send/SendExecutor.h"
#include "send/SendPlan.h"

namespace sealpost::cli {

//! Sends what was planned, or says what is still owed or in the way, with the exit code for it.
[[nodiscard]] ExitCode sendPlan(Context &context, const send::SendPlan &plan,
                                const send::Approvals &approvals,
                                send::OnTemporaryFailure onTemporaryFailure);

//! Copies for Sent folders that are not there yet. What fails is said, and is no failure of the
//! sending.
void putCopies(Context &context, runtime::Runtime &runtime);

} // namespace sealpost::cli
