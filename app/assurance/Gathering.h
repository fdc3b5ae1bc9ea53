// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainAssessor.h"
#include "assurance/MxLookup.h"
#include "assurance/ReportLife.h"

#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::assurance {

//! What one line of inquiry found. Lines run at the same time, each into a part of its own; the
//! parts are put together in a fixed order.
struct Part {
    std::vector<EvidenceItem> evidence;
    LifeHints life;
};

struct MailPart : Part {
    MailHosts::State state = MailHosts::State::Unknown;
    Evidence dnssec = Evidence::NotChecked;
    std::vector<MxReport> mx;
};

//! MX, then each host at the same time: its dialogue and its TLSA records.
[[nodiscard]] MailPart gatherMail(const AssessorConfig &config, MxProber &prober,
                                  const std::string &domain, Freshness freshness, Deadline deadline,
                                  const std::stop_token &stop);

//! What a domain publishes of itself, MX and TLSA apart.
struct PublishedPart : Part {
    MtaStsReport mtaSts;
    Evidence tlsRpt = Evidence::NotChecked;
};

[[nodiscard]] PublishedPart gatherPublished(const AssessorConfig &config, const std::string &domain,
                                            Freshness freshness, Deadline deadline,
                                            const std::stop_token &stop);

struct CjsmPart : Part {
    CjsmStatus status = CjsmStatus::NotChecked;
};

[[nodiscard]] CjsmPart gatherCjsm(const AssessorConfig &config, const std::string &domain,
                                  Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::assurance
