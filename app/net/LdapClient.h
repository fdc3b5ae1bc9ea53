// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::net {

struct LdapQuestion {
    std::string
        directory;    //!< "ldaps://host[:port]/base" (RFC 4516); ldap without s is not encrypted
    std::string mail; //!< whose certificates: an addr-spec
    std::optional<std::string> caFile; //!< PEM; empty: the system's
};

//! The certificates (DER) that a directory has for an address: userCertificate of the entries under
//! its base whose attribute mail is that address (RFC 4523 §2.1, RFC 4524 §2.16); without signing
//! in, at most 32. None where there are none. What the directory says proves nothing: the chains
//! do. Retry "ldap.failed", "ldap.deadline", "ldap.stopped", AskAdmin "ldap.certificate", FixInput
//! "ldap.url"; the host is the subject.
[[nodiscard]] Result<std::vector<std::string>>
ldapCertificates(const LdapQuestion &question, Deadline deadline, std::stop_token stop);

//! The URL that the question is put by (RFC 4516 §2); empty where the directory's is none.
[[nodiscard]] std::string ldapUrl(const LdapQuestion &question);
//! The binary values of an answer, which libcurl gives as LDIF (RFC 2849).
[[nodiscard]] std::vector<std::string> certificatesInLdif(std::string_view ldif);

} // namespace sealpost::net
