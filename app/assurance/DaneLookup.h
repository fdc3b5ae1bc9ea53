// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Deadline.h"
#include "crypto/DaneVerifier.h"
#include "net/DnsResolver.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::assurance {

//! The TLSA records of one MX, as DNS has them.
struct TlsaLookup {
    DaneReport report; //!< not compared yet
    std::vector<crypto::TlsaRecord> records;
    std::string base;      //!< the name below which they stand: the host, or where its CNAMEs lead
    EvidenceItem evidence; //!< "tlsa:HOST"
    std::optional<std::chrono::seconds> ttl; //!< of the records
};

//! Asks for the records of port 25 of `host`, an A-label; only where DNSSEC proves its address (RFC
//! 7672 §2.2). That it proves the MX answer as well is for the caller to see to.
[[nodiscard]] TlsaLookup lookUpTlsa(net::DnsResolver &resolver, const std::string &host,
                                    Deadline deadline, const std::stop_token &stop);

//! Holds what the MX showed against its records, and puts the result into `mx.dane`. Returns the
//! evidence "dane:HOST". `domainNames` are those of a signed MX answer (MailHosts).
[[nodiscard]] EvidenceItem compareWithTlsa(const TlsaLookup &found,
                                           const std::vector<std::string> &domainNames, Time now,
                                           MxReport &mx);

//! Of the domain, out of those of its MX.
[[nodiscard]] Evidence daneStatusOf(const std::vector<MxReport> &mx);

} // namespace sealpost::assurance
