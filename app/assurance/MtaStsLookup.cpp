// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/MtaStsLookup.h"

#include "base/Text.h"
#include "net/HttpsClient.h"
#include "net/TxtRecord.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <chrono>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;
using net::DnsOutcome;

constexpr auto kQuestionTime = 10s;
constexpr auto kFetchTime = 15s;
//= RFC 8461 §3.3: what a policy is limited to.
constexpr ByteCount kLongestPolicy = 64 * base::kKiB;

const QString kId = QStringLiteral("id");
const QString kFetched = QStringLiteral("fetched_at");
const QString kFile = QStringLiteral("file");

//! A policy and where it comes from.
struct Kept {
    std::string id;
    Time fetched{};
    MtaStsPolicy policy;

    [[nodiscard]] std::chrono::seconds life() const {
        return std::min(policy.maxAge, kLongestMaxAge);
    }
    [[nodiscard]] Time until() const { return fetched + life(); }
    //! Whether it is time to see that it is still there, long before it ends.
    [[nodiscard]] bool isOld(Time now) const { return now >= fetched + life() / 2; }
};

std::string cacheKey(const std::string &domain) {
    return "mta-sts:" + domain;
}

std::optional<Kept> fromCache(const MtaStsSources &sources, const std::string &domain) {
    const auto now = sources.clock->now();
    const auto stored = sources.cache ? sources.cache->get(cacheKey(domain), now) : std::nullopt;
    if (!stored) {
        return std::nullopt;
    }
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*stored)).object();
    auto policy = parseMtaStsPolicy(object.value(kFile).toString().toStdString());
    if (!policy) {
        return std::nullopt;
    }
    Kept kept{object.value(kId).toString().toStdString(),
              base::fromIso8601(object.value(kFetched).toString().toStdString()),
              std::move(*policy)};
    return kept.until() > now ? std::optional(std::move(kept)) : std::nullopt;
}

void intoCache(const MtaStsSources &sources, const std::string &domain, const Kept &kept,
               const std::string &file) {
    if (!sources.cache) {
        return;
    }
    const QJsonObject object{{kId, QString::fromStdString(kept.id)},
                             {kFetched, QString::fromStdString(base::toIso8601(kept.fetched))},
                             {kFile, QString::fromStdString(file)}};
    sources.cache->put(cacheKey(domain),
                       QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString(),
                       kept.until());
}

//! What the texts at one name come to.
struct Record {
    Evidence outcome = Evidence::TempFailure;
    std::string detail;
    std::string value; //!< where Proven
    std::chrono::seconds ttl{0};
};

template <class Parse>
Record lookUpRecord(net::DnsResolver &resolver, const std::string &name, const Parse &parse,
                    Deadline deadline, const std::stop_token &stop) {
    const auto answer =
        resolver.query(name, net::DnsType::Txt, deadline.within(kQuestionTime), stop);
    switch (answer.outcome) {
    case DnsOutcome::Records:
        break;
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        return {Evidence::ProvenAbsent, "no record", {}, answer.ttl};
    case DnsOutcome::Bogus:
        return {Evidence::Bogus, answer.detail, {}, answer.ttl};
    case DnsOutcome::TempFailure:
        return {Evidence::TempFailure, answer.detail, {}, answer.ttl};
    }
    auto parsed = parse(net::txtRecords(answer));
    if (!parsed) {
        return {Evidence::ProvenAbsent,
                parsed.error().code + ": " + parsed.error().logSafeDetail,
                {},
                answer.ttl};
    }
    return {Evidence::Proven, {}, std::move(*parsed), answer.ttl};
}

//! What it means that a policy could not be had. What its host says over verified HTTPS is its
//! word; what keeps us from hearing it is not.
Evidence outcomeOf(const Error &error) {
    if (error.code == "http.certificate") {
        return Evidence::Bogus;
    }
    const bool refused = error.code == "http.status" && !error.logSafeDetail.starts_with('5');
    return refused || error.reaction == Reaction::FixInput ? Evidence::ProvenAbsent
                                                           : Evidence::TempFailure;
}

std::string wordsOf(const Error &error) {
    return error.code + (error.logSafeDetail.empty() ? "" : " (" + error.logSafeDetail + ")");
}

std::string wordsOf(const MtaStsPolicy &policy) {
    return std::string(toString(policy.mode)) + ", max_age " +
           std::to_string(policy.maxAge.count()) +
           (policy.mx.empty() ? "" : ", mx " + base::join(policy.mx, " "));
}

//! One domain's inquiry.
class Inquiry {
public:
    Inquiry(const MtaStsSources &sources, const std::string &domain)
        : m_sources(sources), m_domain(domain), m_kept(fromCache(sources, domain)) {}

    MtaStsLookup run(Freshness freshness, Deadline deadline, const std::stop_token &stop) {
        const auto record =
            lookUpRecord(*m_sources.resolver, "_mta-sts." + m_domain, mtaStsId, deadline, stop);
        add("mta-sts-record", record.outcome,
            record.outcome == Evidence::Proven ? "id " + record.value : record.detail);
        if (record.outcome != Evidence::Proven) {
            add("mta-sts-policy", Evidence::NotChecked, {});
            conclude(record.outcome, record.detail);
            return std::move(m_result);
        }
        m_result.life.dnsTtl = record.ttl;
        if (freshness == Freshness::Cached && m_kept && m_kept->id == record.value &&
            !m_kept->isOld(m_sources.clock->now())) {
            add("mta-sts-policy", Evidence::Proven,
                "kept since " + base::toIso8601(m_kept->fetched));
            conclude(Evidence::Proven, {});
        } else {
            fetch(record.value, deadline.within(kFetchTime), stop);
        }
        return std::move(m_result);
    }

private:
    void add(std::string what, Evidence outcome, std::string detail) {
        m_result.evidence.push_back({std::move(what), outcome, std::move(detail)});
    }

    void fetch(const std::string &id, Deadline deadline, const std::stop_token &stop) {
        //= RFC 8461 §3.3: at that host alone, and by HTTPS.
        const auto file = m_sources.fetch(
            "https://mta-sts." + m_domain + "/.well-known/mta-sts.txt", deadline, stop);
        auto policy = file ? parseMtaStsPolicy(*file) : tl::unexpected(file.error());
        if (!policy) {
            const auto outcome = outcomeOf(policy.error());
            add("mta-sts-policy", outcome, wordsOf(policy.error()));
            return conclude(outcome, wordsOf(policy.error()));
        }
        m_kept = Kept{id, m_sources.clock->now(), std::move(*policy)};
        intoCache(m_sources, m_domain, *m_kept, *file);
        add("mta-sts-policy", Evidence::Proven, "fetched");
        conclude(Evidence::Proven, {});
    }

    //! With the policy that is in force; `otherwise` where none is.
    void conclude(Evidence otherwise, const std::string &detail) {
        auto &report = m_result.report;
        if (!m_kept) {
            report.status = otherwise;
            return add("mta-sts", otherwise, detail);
        }
        //= RFC 8461 §5.1: a policy in the cache applies as long as no newer one is found.
        report.status = Evidence::Proven;
        report.id = m_kept->id;
        report.until = m_kept->until();
        report.policy = m_kept->policy;
        m_result.life.policyMaxAge = report.until - m_sources.clock->now();
        add("mta-sts", Evidence::Proven, wordsOf(*report.policy));
    }

    const MtaStsSources &m_sources;
    const std::string &m_domain;
    std::optional<Kept> m_kept;
    MtaStsLookup m_result;
};
} // namespace

PolicyFetch httpsPolicyFetch(std::optional<std::string> caFile) {
    return
        [ca = std::move(caFile)](const std::string &url, Deadline deadline, std::stop_token stop) {
            net::HttpRequest request;
            request.url = url;
            request.limit = kLongestPolicy;
            request.caFile = ca;
            request.mediaType = "text/plain";
            return net::httpGet(request, deadline, std::move(stop));
        };
}

MtaStsLookup lookUpMtaSts(const MtaStsSources &sources, const std::string &domain,
                          Freshness freshness, Deadline deadline, const std::stop_token &stop) {
    return Inquiry(sources, domain).run(freshness, deadline, stop);
}

EvidenceItem lookUpTlsReporting(net::DnsResolver &resolver, const std::string &domain,
                                Deadline deadline, const std::stop_token &stop) {
    const auto joined = [](const std::vector<std::string> &texts) -> Result<std::string> {
        return tlsReportUris(texts).map(
            [](const std::vector<std::string> &uris) { return base::join(uris, ", "); });
    };
    auto record = lookUpRecord(resolver, "_smtp._tls." + domain, joined, deadline, stop);
    return {"tls-rpt", record.outcome,
            record.outcome == Evidence::Proven ? std::move(record.value)
                                               : std::move(record.detail)};
}

} // namespace sealpost::assurance
