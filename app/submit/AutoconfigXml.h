// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Account.h"

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::submit {

//! A server as a mail domain describes it.
struct DescribedServer {
    std::string host; //!< A-label
    Port port = base::kSubmissionsPort;
    mail::SubmissionTls tls = mail::SubmissionTls::Implicit;
    std::string userName;
    mail::SignIn signIn = mail::SignIn::Password;
};

struct DescribedAccount {
    DescribedServer submission;
    std::optional<DescribedServer> imap; //!< the mailbox, with the same user name
};

//! The best outgoing server of a Thunderbird autoconfiguration document (clientConfig 1.1): with
//! TLS from the start if there is one, else with STARTTLS; one without encryption counts for
//! nothing. In the same way an incoming one for IMAP, if there is one that can be used (STARTTLS at
//! port 143 alone). None where the document is no such one or has no outgoing server.
[[nodiscard]] std::optional<DescribedAccount> readAutoconfig(std::string_view xml,
                                                             const mail::Address &address);

} // namespace sealpost::submit
