// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Deadline.h"
#include "net/DnsResolver.h"

#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::assurance {

//! The question that lookUpWildcard() asks, if any.
[[nodiscard]] std::optional<net::DnsQuestion> wildcardQuestion(const std::string &domain);

//! Whether mail servers are named for every name beside this domain (RFC 4592), so that one that is
//! misspelt takes mail too: "mx-wildcard", Proven with "*.PARENT", as a random label beside it
//! shows. None of a domain right below the root's, where nobody has a wildcard that is of use.
[[nodiscard]] std::optional<EvidenceItem> lookUpWildcard(net::DnsResolver &resolver,
                                                         const std::string &domain,
                                                         Deadline deadline,
                                                         const std::stop_token &stop);

} // namespace sealpost::assurance
