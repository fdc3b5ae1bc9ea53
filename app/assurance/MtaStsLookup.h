// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "assurance/Freshness.h"
#include "assurance/ReportLife.h"
#include "base/Clock.h"
#include "base/Deadline.h"
#include "base/KeyValueCache.h"
#include "base/Result.h"
#include "net/DnsResolver.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::assurance {

//! Fetches a policy file: text/plain over verified HTTPS, without redirects, 64 KiB at most. Errors
//! are net::httpGet's.
using PolicyFetch = std::function<Result<std::string>(const std::string &url, Deadline deadline,
                                                      std::stop_token stop)>;

//! Such a fetch by net::httpGet; with the PEM roots of `caFile`, or the system's.
[[nodiscard]] PolicyFetch httpsPolicyFetch(std::optional<std::string> caFile);

struct MtaStsSources {
    std::shared_ptr<net::DnsResolver> resolver;
    std::shared_ptr<const Clock> clock;
    std::shared_ptr<base::KeyValueCache> cache; //!< may be empty
    PolicyFetch fetch;
};

struct MtaStsLookup {
    MtaStsReport report;
    std::vector<EvidenceItem> evidence; //!< "mta-sts-record", "mta-sts-policy", "mta-sts"
    LifeHints life;
};

//! RFC 8461 §3: the record, and the policy where its id is another one than that of the policy in
//! the cache, where half of that one's life is over, or where `freshness` asks for it. A policy in
//! the cache stays in force for its max_age, whatever DNS and HTTPS say meanwhile, until a new one
//! is found.
[[nodiscard]] MtaStsLookup lookUpMtaSts(const MtaStsSources &sources, const std::string &domain,
                                        Freshness freshness, Deadline deadline,
                                        const std::stop_token &stop);

//! Whether the domain asks for reports, as evidence "tls-rpt".
[[nodiscard]] EvidenceItem lookUpTlsReporting(net::DnsResolver &resolver, const std::string &domain,
                                              Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::assurance
