// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/DnsResolver.h"

#include <string>
#include <vector>

namespace sealpost::net {

//! The addresses of one host, of both families.
struct HostLookup {
    std::vector<std::string> addresses;           //!< IPv6 first; at most six of each family
    DnsOutcome outcome = DnsOutcome::TempFailure; //!< Records where there is any address
    std::string canonicalName;                    //!< where CNAMEs led; else the host
    std::string detail;                           //!< log-safe: of the question that failed
};

//! Asks for A and AAAA at the same time. An IP literal stands for itself and "localhost" for
//! 127.0.0.1: nobody is asked for those.
[[nodiscard]] HostLookup lookUpHost(DnsResolver &resolver, const std::string &host,
                                    Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::net
