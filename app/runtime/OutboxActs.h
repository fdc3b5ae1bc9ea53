// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/Runtime.h"

#include <cstdint>
#include <stop_token>

namespace sealpost::runtime {

//! What a person does about messages in the outbox, and what is done by itself. Each call takes the
//! right to send for as long as it lasts (Retry "profile.busy": another Sealpost sends), and writes
//! its line into the journal. Errors of all: FixInput "outbox.not-found", the store's.

//! How an uncertain message ended, as a person found out.
enum class Ended {
    Arrived,    //!< it is never sent again
    NotArrived, //!< it waits again
};
//! FixInput "outbox.not-uncertain".
[[nodiscard]] Result<void> resolveEntry(Runtime &runtime, std::int64_t id, Ended how);

//! Removes a message for good, whatever has become of it.
[[nodiscard]] Result<void> discardEntry(Runtime &runtime, std::int64_t id);

//! Makes a draft again of what has not reached its recipients, with those alone whom it has not,
//! and takes it out of the outbox; the draft is stored. FixInput "outbox.not-returnable": an
//! uncertain message is for resolveEntry(), an accepted one has gone, of one of an earlier version
//! there is no draft.
[[nodiscard]] Result<mail::Draft> takeBackEntry(Runtime &runtime, std::int64_t id);

//! Whether takeBackEntry() would.
[[nodiscard]] bool mayBeTakenBack(const store::OutboxEntry &entry);

//! What waits for the person to mend the account (another password, a new sign-in) is due again.
[[nodiscard]] Result<void> tryAgainFor(Runtime &runtime, const std::string &account);

//! SendExecutor::submitQueued(): a fresh look, then another try.
[[nodiscard]] Result<send::Receipt> retryEntry(Runtime &runtime, std::int64_t id,
                                               const std::stop_token &stop);

//! SendExecutor::submitDue().
[[nodiscard]] Result<send::DueOutcome> sendDue(Runtime &runtime, send::DueFor due,
                                               const std::stop_token &stop);

} // namespace sealpost::runtime
