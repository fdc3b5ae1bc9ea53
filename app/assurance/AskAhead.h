// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/DnsResolver.h"
#include "policy/Policy.h"

#include <stop_token>
#include <string>

namespace sealpost::assurance {

//! Has the resolver look for what DomainAssessor::assess() will ask, while something else is still
//! to be done: names alone, no server of the domain's is spoken to. Waits for the MX answer.
void askAhead(net::DnsResolver &resolver, const policy::Policy &policy, const std::string &domain,
              const std::stop_token &stop);

//! The keys that answers about the domain itself are validated with.
void expectKeysOf(net::DnsResolver &resolver, const std::string &domain);

//! Likewise for one of its mail servers, and the records that say how to know it.
void expectHost(net::DnsResolver &resolver, const std::string &host);

} // namespace sealpost::assurance
