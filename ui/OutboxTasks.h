// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/Runtime.h"
#include "ui/ComposeService.h"

namespace sealpost::ui {

//! What RuntimeComposeService does with the outbox on its threads: plain, blocking functions.

//! The newest entries, those that have not ended among them, whatever their age.
[[nodiscard]] Result<std::vector<store::OutboxEntry>> listOutbox(runtime::Runtime &runtime);
//! runtime::OutboxActs' functions.
[[nodiscard]] Result<OutboxDone> actOnEntry(runtime::Runtime &runtime, std::int64_t id,
                                            OutboxAct act, const std::stop_token &stop);
//! runtime::sendDue() where something is due, and what the outbox holds then.
[[nodiscard]] Result<DueSummary> sendDueNow(runtime::Runtime &runtime, send::DueFor due,
                                            const std::stop_token &stop);

} // namespace sealpost::ui
