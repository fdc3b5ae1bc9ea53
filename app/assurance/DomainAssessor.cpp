// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainAssessor.h"

#include "assurance/DomainReportJson.h"
#include "assurance/MxLookup.h"
#include "assurance/StartTlsProbe.h"
#include "assurance/Verdict.h"
#include "base/Text.h"

#include <QJsonDocument>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <thread>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;

constexpr std::size_t kMostAtOnce = 4;
//! No honest domain has more; the rest is listed as not probed.
constexpr std::size_t kMostMx = 16;
constexpr auto kUnknownLifetime = 60s;
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
    return "tls" + std::to_string(policy.tlsMinimum.version) + " rsa" +
           std::to_string(policy.tlsMinimum.rsaBits) + " ec" +
           std::to_string(policy.tlsMinimum.ecBits) +
           (policy.probePort25 ? " probe" : " no-probe") +
           " register:" + (entry != nullptr ? entry->reference : "-") +
           " ca:" + config.caFile.value_or("");
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

//! `work` for each index below `count`, on a few threads that mostly wait.
template <class Work> void forEachAtOnce(std::size_t count, const Work &work) {
    std::atomic<std::size_t> next{0};
    const auto take = [&] {
        for (auto i = next++; i < count; i = next++) {
            work(i);
        }
    };
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(count, kMostAtOnce); ++i) {
        threads.emplace_back(take);
    }
    take();
}

void probeAll(const AssessorConfig &config, const std::vector<net::MxRecord> &hosts,
              DomainReport &report, Deadline deadline, const std::stop_token &stop) {
    ProbeConfig probe;
    probe.minimum = config.policy.tlsMinimum;
    probe.caFile = config.caFile;
    probe.port = config.smtpPort;
    probe.clientName = config.clientName.empty() ? kDefaultClientName : config.clientName;
    probe.now = config.clock->now();
    std::vector<ProbeResult> results(hosts.size());
    forEachAtOnce(hosts.size(), [&](std::size_t i) {
        if (i >= kMostMx || stop.stop_requested()) {
            results[i].mx.host = hosts[i].host;
            results[i].mx.preference = hosts[i].preference;
        } else if (!config.policy.probePort25) {
            results[i] = resolveMx(*config.resolver, hosts[i], deadline, stop);
        } else {
            results[i] = probeMx(*config.resolver, hosts[i], probe, deadline, stop);
        }
    });
    for (auto &result : results) {
        report.mx.push_back(std::move(result.mx));
        std::move(result.evidence.begin(), result.evidence.end(),
                  std::back_inserter(report.evidence));
    }
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

void assessMail(const AssessorConfig &config, DomainReport &report, Deadline deadline,
                const std::stop_token &stop) {
    auto hosts = lookUpMx(*config.resolver, report.domain, deadline, stop);
    report.dnssec = hosts.dnssec;
    report.evidence = std::move(hosts.evidence);
    if (hosts.state == MailHosts::State::Undeliverable) {
        report.assurance = Assurance::Undeliverable;
        return;
    }
    if (hosts.state == MailHosts::State::Found) {
        probeAll(config, hosts.hosts, report, deadline, stop);
        const auto verdict = verdictOf(report.mx, config.policy.tlsMinimum);
        report.assurance = verdict.assurance;
        report.minimumMet = verdict.minimumMet;
    }
    // As the streams see it: what is left of a last millisecond is nothing.
    const bool cutShort = stop.stop_requested() || deadline.remaining() == 0ms;
    if (cutShort && report.assurance == Assurance::Verified) {
        // An MX that there was no time for might have been a weak one.
        report.assurance = Assurance::Unknown;
        report.minimumMet = false;
    }
    if (!stop.stop_requested()) {
        consultRegister(config.policy, report);
    }
}
} // namespace

DomainAssessor::DomainAssessor(AssessorConfig config) : m_config(std::move(config)) {}

DomainReport DomainAssessor::assess(const std::string &domain, Freshness freshness,
                                    Deadline deadline, std::stop_token stop) {
    const auto started = std::chrono::steady_clock::now();
    if (freshness == Freshness::Cached) {
        if (auto cached = fromCache(m_config, domain)) {
            return std::move(*cached);
        }
    }
    DomainReport report;
    report.domain = domain;
    report.checkedAt = m_config.clock->now();
    if (base::isSameOrSubdomain(domain, "cjsm.net") && domain != "cjsm.net") {
        report.cjsm = CjsmStatus::Address;
    }
    assessMail(m_config, report, deadline, stop);
    for (const auto *what : {"mta-sts", "dane", "cjsm-directory"}) {
        report.evidence.push_back({what, Evidence::NotChecked, {}});
    }
    report.expiresAt =
        report.checkedAt + (report.assurance == Assurance::Unknown
                                ? std::chrono::seconds(kUnknownLifetime)
                                : std::chrono::seconds(m_config.policy.reportLifetime));
    report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started);
    // What a person broke off says nothing to the next who asks.
    if (!stop.stop_requested()) {
        intoCache(m_config, report);
    }
    return report;
}

} // namespace sealpost::assurance
