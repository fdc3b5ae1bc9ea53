// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "assurance/Freshness.h"
#include "assurance/MtaStsLookup.h"
#include "assurance/Refresher.h"
#include "base/Deadline.h"
#include "base/KeyValueCache.h"
#include "base/Units.h"
#include "net/DnsResolver.h"
#include "policy/Policy.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::assurance {

class MxProber;

//! Gives reports: what the planner needs of an assessor, and what tests put in its place.
class ReportSource {
public:
    ReportSource() = default;
    ReportSource(const ReportSource &) = delete;
    ReportSource &operator=(const ReportSource &) = delete;
    virtual ~ReportSource() = default;
    //! `domain` is an A-label. Never an error: what failed is in the report. Any thread.
    [[nodiscard]] virtual DomainReport assess(const std::string &domain, Freshness freshness,
                                              Deadline deadline, std::stop_token stop) = 0;
};

struct AssessorConfig {
    std::shared_ptr<net::DnsResolver> resolver;
    std::shared_ptr<const Clock> clock;
    std::shared_ptr<base::KeyValueCache> cache; //!< may be empty
    policy::Policy policy;
    std::optional<std::string> caFile; //!< PEM roots instead of the system's
    Port smtpPort = base::kSmtpPort;
    std::size_t probesAtOnce = 8;
    //! Whether a remembered report that will soon expire is made anew in the background when it is
    //! asked for: where a program stays, such as the window.
    bool refreshAhead = false;
    std::function<std::string()> network; //!< empty: net::networkFingerprint
    PolicyFetch fetchPolicy;              //!< of MTA-STS; empty: httpsPolicyFetch()
    std::string clientName; //!< EHLO's argument; empty: "[127.0.0.1]" form of RFC 5321 §4.1.3
};

//! Looks up MX, what the domain publishes (DANE, MTA-STS, TLS-RPT), speaks to each MX up to EHLO
//! after TLS (never MAIL FROM), and gives the verdict (Verdict.h). The policy's register makes
//! Registered of Unknown, unless something seen was forged. A stop or a passed deadline ends it
//! promptly: never Verified or Enforced then, but what is worse stands. Reports are cached for the
//! policy's lifetime, Unknown ones for a minute.
class DomainAssessor final : public ReportSource {
public:
    explicit DomainAssessor(const AssessorConfig &config);
    //! With another prober than the shared one.
    DomainAssessor(AssessorConfig config, std::shared_ptr<MxProber> prober);
    [[nodiscard]] DomainReport assess(const std::string &domain, Freshness freshness,
                                      Deadline deadline, std::stop_token stop) override;

private:
    AssessorConfig m_config;
    std::shared_ptr<MxProber> m_prober;
    std::unique_ptr<Refresher> m_refresher; //!< last: it ends first, and uses the others
};

} // namespace sealpost::assurance
