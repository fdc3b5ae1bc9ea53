// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/JournalSigner.h"
#include "runtime/ReceiptFile.h"
#include "runtime/Runtime.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

//! What is done with the journal and its receipts beside writing it, over a Runtime's parts.
namespace sealpost::runtime {

enum class SignWhen { Due, Now };

//! Signs the journal's end with a certificate of one of the profile's accounts. False where it was
//! not due, or where no account has one that can sign.
[[nodiscard]] Result<bool> signJournal(Runtime &runtime, SignWhen when, Deadline deadline,
                                       const std::stop_token &stop);

//! JournalSigner::check() with the profile's certificates.
[[nodiscard]] Result<std::vector<JournalSignature>>
checkJournalSignatures(Runtime &runtime, Deadline deadline, const std::stop_token &stop);

//! To the server that policy names. AskAdmin "syslog.not-set"; JournalForwarder's errors.
[[nodiscard]] Result<std::int64_t> forwardJournal(Runtime &runtime, Deadline deadline,
                                                  const std::stop_token &stop);

//! To this computer's event log. FixInput "eventlog.none" where it has none; EventLogForwarder's
//! errors.
[[nodiscard]] Result<std::int64_t> reportJournal(Runtime &runtime);

struct MadeReceipt {
    std::string file;
    std::string signedBy; //!< fingerprint; empty: no certificate can sign for that address
};
//! The receipt of an outbox entry. FixInput "outbox.not-found", "receipt.none" (it has not been
//! tried yet).
[[nodiscard]] Result<MadeReceipt> makeReceipt(Runtime &runtime, std::int64_t outboxId,
                                              ReceiptForm form, Deadline deadline,
                                              const std::stop_token &stop);
//! ReceiptFile's checkReceipt() with the profile's certificates.
[[nodiscard]] Result<CheckedReceipt> checkReceipt(Runtime &runtime, std::string_view file,
                                                  Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::runtime
