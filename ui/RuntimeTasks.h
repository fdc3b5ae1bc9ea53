// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/Runtime.h"
#include "ui/ComposeService.h"

namespace sealpost::ui {

//! What RuntimeComposeService does on its threads: plain, blocking functions over a Runtime.

[[nodiscard]] Preview stopped();
//! Reads and scans a file, so that makePreview() knows it; tells of each hundredth once.
[[nodiscard]] Result<void> lookIntoNow(runtime::Runtime &runtime,
                                       const mail::Attachment &attachment,
                                       const std::stop_token &stop,
                                       const scan::ScanProgress &progress);
//! Plans the draft; an attachment that can't be read, or that is not looked into yet, is named and
//! left out, so that all the rest is still shown.
[[nodiscard]] Preview makePreview(runtime::Runtime &runtime, mail::Draft draft,
                                  const Deadline &deadline, const std::stop_token &stop,
                                  const send::PlanProgress &progress);
//! Asks the recipients' mail servers again, whatever the cache says.
void lookAgain(runtime::Runtime &runtime, const mail::Draft &draft, const Deadline &deadline,
               const std::stop_token &stop);
[[nodiscard]] Result<Session> makeSession(runtime::Runtime &runtime);
//! A certificate's or key's file.
[[nodiscard]] Result<std::string> readSmallFile(const std::filesystem::path &path);
//! Under the profile's lock. Retry "profile.busy", and SendExecutor::execute()'s errors.
[[nodiscard]] Result<std::vector<send::Receipt>>
sendNow(runtime::Runtime &runtime, const send::SendPlan &plan, const send::Approvals &approvals,
        const std::stop_token &stop, const send::SendProgress &progress);

//! A received message's bytes; readAttachment()'s errors.
[[nodiscard]] Result<std::string> readMessageFile(const std::filesystem::path &path);
[[nodiscard]] Result<ReceivedPtr> openNow(runtime::Runtime &runtime, std::string bytes,
                                          const std::stop_token &stop);
[[nodiscard]] Result<std::vector<crypto::RenewalDue>> renewalsNow(runtime::Runtime &runtime,
                                                                  const std::stop_token &stop);
[[nodiscard]] Result<ImportResult> keepSignersNow(runtime::Runtime &runtime,
                                                  const receive::OpenedMessage &message);
[[nodiscard]] Result<KeyRing> keyRingNow(runtime::Runtime &runtime, const std::stop_token &stop);
[[nodiscard]] Result<ImportResult> keepNow(runtime::Runtime &runtime, const std::string &bytes);
[[nodiscard]] Result<void> pinNow(runtime::Runtime &runtime, const std::string &addressSpec,
                                  const std::string &fingerprint);
[[nodiscard]] Result<std::vector<crypto::ChainReport>> examineNow(runtime::Runtime &runtime,
                                                                  const ExaminedCertificates &what,
                                                                  const std::stop_token &stop);

} // namespace sealpost::ui
