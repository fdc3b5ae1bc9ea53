// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/ImapAppend.h"
#include "runtime/Runtime.h"

#include <stop_token>

namespace sealpost::runtime {

//! "host" or "host:port": 993 without one (TLS from the first byte); 143 means STARTTLS.
struct ImapServer {
    std::string host; //!< A-label
    Port port = net::kImapsPort;
};
[[nodiscard]] std::optional<ImapServer> imapServerFrom(const std::string &text);

//! Signs in to the account's mailbox with what it signs in to submission, and finds its folder of
//! sent mail. FixInput "imap.password-needed" (a certificate is for submission alone);
//! net::findSentFolder()'s errors.
[[nodiscard]] Result<std::string> testImap(Runtime &runtime, const mail::Account &account,
                                           const SecretBytes &secret, Deadline deadline,
                                           const std::stop_token &stop);

//! Puts into the Sent folders of accounts with an IMAP server what their submission servers have
//! taken in the last week and what is not there yet, encrypted to the sender: what went by S/MIME
//! as it went out, anything else sealed for this. Each once, as far as the server answers; what
//! fails is tried again, ever more seldom. How many; the first failure where one fails (with the
//! others tried all the same), the journal names each. Retry "profile.busy": another one does it.
[[nodiscard]] Result<int> copySent(Runtime &runtime, Deadline deadline,
                                   const std::stop_token &stop);

} // namespace sealpost::runtime
