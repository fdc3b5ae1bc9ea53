// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Account.h"

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::submit {

//! A submission server as a mail domain describes it.
struct DescribedServer {
    std::string host; //!< A-label
    Port port = base::kSubmissionsPort;
    mail::SubmissionTls tls = mail::SubmissionTls::Implicit;
    std::string userName;
    mail::SignIn signIn = mail::SignIn::Password;
};

//! The best outgoing server of a Thunderbird autoconfiguration document (clientConfig 1.1): with
//! TLS from the start if there is one, else with STARTTLS; one without encryption counts for
//! nothing. None where the document is no such one or has no such server.
[[nodiscard]] std::optional<DescribedServer> readAutoconfig(std::string_view xml,
                                                            const mail::Address &address);

} // namespace sealpost::submit
