// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Deadline.h"
#include "net/DnsResolver.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::assurance {

//! Where a domain's mail goes, as DNS says it.
struct MailHosts {
    enum class State {
        Found,         //!< `hosts` are its MX
        Undeliverable, //!< NXDOMAIN, null MX, or neither MX nor address
        Unknown,       //!< bogus, or the question was not answered
    };
    State state = State::Unknown;
    std::vector<net::MxRecord> hosts; //!< by rising preference
    //! The domain and, where it is an alias, the name that it leads to.
    std::vector<std::string> domainNames;
    //! Of the MX answer: Proven signed, ProvenAbsent unsigned, Bogus, TempFailure.
    Evidence dnssec = Evidence::NotChecked;
    std::chrono::seconds ttl{0};        //!< of the MX answer, or of its absence
    std::vector<EvidenceItem> evidence; //!< "mx", "mx-dnssec"
};

//! RFC 5321 §5.1, RFC 7505. `domain` is an A-label.
[[nodiscard]] MailHosts lookUpMx(net::DnsResolver &resolver, const std::string &domain,
                                 Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::assurance
