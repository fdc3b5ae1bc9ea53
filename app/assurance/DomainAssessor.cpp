// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainAssessor.h"

#include "assurance/AskAhead.h"
#include "assurance/DaneLookup.h"
#include "assurance/DomainReportJson.h"
#include "assurance/Gathering.h"
#include "assurance/MxProber.h"
#include "assurance/PolicyStanding.h"
#include "assurance/Port25Reach.h"
#include "assurance/ReportLife.h"
#include "assurance/SharedMxProber.h"
#include "assurance/StartTlsProbe.h"
#include "assurance/Together.h"
#include "assurance/Verdict.h"
#include "assurance/WildcardMx.h"
#include "base/Text.h"
#include "mail/Scripts.h"
#include "net/NetworkFingerprint.h"

#include <QJsonDocument>
#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;

constexpr auto kRefreshTime = 1min;
constexpr std::string_view kDefaultClientName = "[127.0.0.1]";
const QString kSettingsKey = QStringLiteral("settings");

const policy::RegisterEntry *registered(const policy::Policy &policy, const std::string &domain) {
    const auto found =
        std::find_if(policy.tlsRegister.begin(), policy.tlsRegister.end(), [&](const auto &entry) {
            return base::isSameOrSubdomain(domain, entry.domain);
        });
    return found == policy.tlsRegister.end() ? nullptr : &*found;
}

//! What a report depends on besides the world: one that was made under other settings is stale.
std::string settingsOf(const AssessorConfig &config, const std::string &domain) {
    const auto &policy = config.policy;
    const auto *entry = registered(policy, domain);
    std::string networks;
    for (const auto &network : policy.privateNetworks) {
        networks += " " + network;
    }
    return "tls" + std::to_string(policy.tlsMinimum.version) + " rsa" +
           std::to_string(policy.tlsMinimum.rsaBits) + " ec" +
           std::to_string(policy.tlsMinimum.ecBits) +
           (policy.probePort25 ? " probe" : " no-probe") +
           (policy.fetchMtaSts ? " mta-sts" : " no-mta-sts") + " dane" +
           " register:" + (entry != nullptr ? entry->reference : "-") +
           " ca:" + config.caFile.value_or("") + " private:" + networks;
}

std::string cacheKey(const std::string &domain) {
    return "report:" + domain;
}

std::optional<DomainReport> fromCache(const AssessorConfig &config, const std::string &domain) {
    if (!config.cache) {
        return std::nullopt;
    }
    const auto stored = config.cache->get(cacheKey(domain), config.clock->now());
    if (!stored) {
        return std::nullopt;
    }
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*stored)).object();
    auto report = reportFromJson(object);
    if (!report || report->domain != domain || report->expiresAt <= config.clock->now() ||
        object.value(kSettingsKey).toString().toStdString() != settingsOf(config, domain)) {
        return std::nullopt;
    }
    report->fromCache = true;
    return report;
}

void intoCache(const AssessorConfig &config, const DomainReport &report) {
    if (!config.cache) {
        return;
    }
    auto object = toJson(report);
    object.insert(kSettingsKey, QString::fromStdString(settingsOf(config, report.domain)));
    config.cache->put(cacheKey(report.domain),
                      QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString(),
                      report.expiresAt);
}

//! The last fifth of a report's life.
bool expiresSoon(const DomainReport &report, Time now) {
    constexpr int kPart = 5;
    return report.expiresAt - now < (report.expiresAt - report.checkedAt) / kPart;
}

//! What the name itself says: whether it mixes scripts, and whether a wildcard stands behind it.
Part gatherName(const AssessorConfig &config, const std::string &domain, Deadline deadline,
                const std::stop_token &stop) {
    Part part;
    if (const auto scripts = mail::mixedScripts(domain); !scripts.empty()) {
        part.evidence.push_back({"name-scripts", Evidence::Proven, base::join(scripts, ", ")});
    }
    if (auto wildcard = lookUpWildcard(*config.resolver, domain, deadline, stop)) {
        part.evidence.push_back(std::move(*wildcard));
    }
    return part;
}

//! The register vouches where nothing can be seen from here; never against what was seen, nor
//! where somebody seems to be tampering.
void consultRegister(const policy::Policy &policy, DomainReport &report) {
    const auto *entry = registered(policy, report.domain);
    if (entry == nullptr) {
        return;
    }
    report.evidence.push_back(
        {"register", Evidence::Proven, entry->domain + ": " + entry->reference});
    const bool tampering =
        std::any_of(report.evidence.begin(), report.evidence.end(),
                    [](const auto &item) { return item.outcome == Evidence::Bogus; });
    if (report.assurance == Assurance::Unknown && !tampering) {
        report.assurance = Assurance::Registered;
    }
}

//! What the outcomes say of port 25: one host that was reached proves it open.
Evidence port25Of(const std::vector<MxReport> &mx) {
    auto reach = Evidence::NotChecked;
    for (const auto &one : mx) {
        switch (one.outcome) {
        case ProbeOutcome::NotProbed:
        case ProbeOutcome::NoAddress:
        case ProbeOutcome::PrivateAddress:
            break;
        case ProbeOutcome::PortBlocked:
            reach = Evidence::ProvenAbsent;
            break;
        case ProbeOutcome::Unreachable:
            if (reach == Evidence::NotChecked) {
                reach = Evidence::TempFailure;
            }
            break;
        case ProbeOutcome::Encrypted:
        case ProbeOutcome::NoStartTls:
        case ProbeOutcome::StartTlsRefused:
        case ProbeOutcome::HandshakeFailed:
        case ProbeOutcome::TlsAlert:
        case ProbeOutcome::TempRejected:
        case ProbeOutcome::Rejected:
        case ProbeOutcome::Silent:
        case ProbeOutcome::Tarpit:
        case ProbeOutcome::HungUp:
        case ProbeOutcome::Garbage:
        case ProbeOutcome::Endless:
        case ProbeOutcome::Mangled:
        case ProbeOutcome::Injected:
            return Evidence::Proven;
        }
    }
    return reach;
}

void judge(const AssessorConfig &config, MailHosts::State state, bool cutShort,
           DomainReport &report) {
    switch (state) {
    case MailHosts::State::Undeliverable:
        report.assurance = Assurance::Undeliverable;
        return;
    case MailHosts::State::Found: {
        const auto verdict = verdictOf(report.mx, report.mtaSts, config.policy.tlsMinimum);
        report.assurance = verdict.assurance;
        report.minimumMet = verdict.minimumMet;
        break;
    }
    case MailHosts::State::Unknown:
        break;
    }
    if (!cutShort) {
        return;
    }
    // An MX that there was no time for might have been a weak one.
    report.minimumMet = false;
    if (report.assurance == Assurance::Verified) {
        report.assurance = Assurance::Unknown;
    } else if (report.assurance == Assurance::Enforced) {
        report.assurance = Assurance::Published;
    }
}

std::string daneWords(const DomainReport &report) {
    if (report.dnssec != Evidence::Proven) {
        return report.mx.empty() ? "" : "the MX answer is not signed";
    }
    std::vector<std::string> words;
    for (const auto &mx : report.mx) {
        words.push_back(mx.host + ": " + std::to_string(mx.dane.usable) + " usable of " +
                        std::to_string(mx.dane.records.size()) + ", " +
                        std::string(toString(mx.dane.match)));
    }
    return base::join(words, "; ");
}

//! To look at the machine's network takes a tenth of a dialogue's time, and of many domains each
//! asks: what was seen within the last second counts. For one thread at a time.
std::function<std::string()> onceASecond(std::function<std::string()> look) {
    return [look = std::move(look), seen = std::string(),
            until = std::chrono::steady_clock::time_point()]() mutable {
        if (const auto now = std::chrono::steady_clock::now(); now >= until) {
            seen = look();
            until = now + 1s;
        }
        return seen;
    };
}

std::shared_ptr<MxProber> sharedProber(const AssessorConfig &config) {
    ProbeConfig probe;
    probe.minimum = config.policy.tlsMinimum;
    probe.caFile = config.caFile;
    probe.port = config.smtpPort;
    probe.privateNetworks = base::parseNetworks(config.policy.privateNetworks);
    probe.clientName = config.clientName.empty() ? kDefaultClientName : config.clientName;
    auto reach = std::make_shared<Port25Reach>(
        Port25Config{config.clock, config.cache,
                     config.network ? config.network : onceASecond(net::networkFingerprint)});
    SharedProberConfig shared;
    shared.clock = config.clock;
    shared.atOnce = config.probesAtOnce;
    shared.dialogue = [resolver = config.resolver, clock = config.clock, reach,
                       probe](const ProbeTarget &target, Freshness freshness, Deadline deadline,
                              const std::stop_token &stop) {
        if (reach->isBlocked(freshness)) {
            auto result =
                resolveMx(*resolver, target.record, probe.privateNetworks, deadline, stop);
            if (result.mx.outcome == ProbeOutcome::NotProbed) {
                result.mx.outcome = ProbeOutcome::PortBlocked;
            }
            return result;
        }
        auto dated = probe;
        dated.now = clock->now();
        auto result = probeMx(*resolver, target, dated, deadline, stop);
        if (!stop.stop_requested() && deadline.remaining() > 0ms) {
            reach->learn(result.mx);
        }
        return result;
    };
    return std::make_shared<SharedMxProber>(std::move(shared));
}

void add(DomainReport &report, LifeHints &life, Part &part) {
    std::move(part.evidence.begin(), part.evidence.end(), std::back_inserter(report.evidence));
    life.shortenTo(part.life);
}
} // namespace

DomainAssessor::DomainAssessor(const AssessorConfig &config)
    : DomainAssessor(config, sharedProber(config)) {}

DomainAssessor::DomainAssessor(AssessorConfig config, std::shared_ptr<MxProber> prober)
    : m_config(std::move(config)), m_prober(std::move(prober)) {
    if (m_config.refreshAhead) {
        m_refresher = std::make_unique<Refresher>(
            [this](const std::string &domain, const std::stop_token &stop) {
                (void)assess(domain, Freshness::FreshOnce, Deadline::after(kRefreshTime), stop);
            });
    }
}

DomainReport DomainAssessor::assess(const std::string &domain, Freshness freshness,
                                    Deadline deadline, std::stop_token stop) {
    const auto started = std::chrono::steady_clock::now();
    if (freshness == Freshness::Cached) {
        if (auto cached = fromCache(m_config, domain)) {
            if (m_refresher && expiresSoon(*cached, m_config.clock->now())) {
                m_refresher->ask(domain);
            }
            return std::move(*cached);
        }
    }
    DomainReport report;
    report.domain = domain;
    report.checkedAt = m_config.clock->now();
    expectKeysOf(*m_config.resolver, domain);
    MailPart mail;
    PublishedPart published;
    CjsmPart cjsm;
    Part name;
    together({
        // First, in this thread: it asks the cache, and each thread opens the store for itself.
        [&] { published = gatherPublished(m_config, domain, freshness, deadline, stop); },
        [&] { mail = gatherMail(m_config, *m_prober, domain, freshness, deadline, stop); },
        [&] { cjsm = gatherCjsm(m_config, domain, deadline, stop); },
        [&] { name = gatherName(m_config, domain, deadline, stop); },
    });
    LifeHints life;
    add(report, life, mail);
    add(report, life, published);
    add(report, life, cjsm);
    add(report, life, name);
    report.cjsm = cjsm.status;
    report.dnssec = mail.dnssec;
    report.mx = std::move(mail.mx);
    report.mtaSts = std::move(published.mtaSts);
    report.tlsRpt = published.tlsRpt;
    report.dane = daneStatusOf(report.mx);
    report.evidence.push_back({"dane", report.dane, daneWords(report)});
    auto standing = standingEvidence(report.mx, report.mtaSts);
    std::move(standing.begin(), standing.end(), std::back_inserter(report.evidence));
    report.port25 = port25Of(report.mx);
    report.evidence.push_back({"port-25", report.port25, {}});
    // As the streams see it: what is left of a last millisecond is nothing.
    judge(m_config, mail.state, stop.stop_requested() || deadline.remaining() == 0ms, report);
    if (mail.state != MailHosts::State::Undeliverable && !stop.stop_requested()) {
        consultRegister(m_config.policy, report);
    }
    report.evidence.push_back({"cjsm-directory", Evidence::NotChecked, {}});
    report.expiresAt = expiryOf(report, life, m_config.policy);
    report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started);
    // What a person broke off says nothing to the next who asks.
    if (!stop.stop_requested()) {
        intoCache(m_config, report);
    }
    return report;
}

} // namespace sealpost::assurance
