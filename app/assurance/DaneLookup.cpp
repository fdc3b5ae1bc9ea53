// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DaneLookup.h"

#include "base/Text.h"
#include "net/TlsaRecord.h"

#include <algorithm>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;
using net::DnsAnswer;
using net::DnsOutcome;
using net::DnsSecurity;
using net::DnsType;

constexpr auto kQuestionTime = 10s;
constexpr std::uint8_t kDaneEe = 3;

//! Whether there may be records to look for, and below which names.
struct Candidates {
    Evidence outcome = Evidence::TempFailure; //!< Proven: below `bases`, in this order
    std::vector<std::string> bases;
    std::string detail;
};

//! Whether an alias in a signed zone leads to where nothing is signed.
Candidates judgeUnsignedAlias(const DnsAnswer &alias, const std::string &host) {
    switch (alias.outcome) {
    case DnsOutcome::Records:
        break;
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        return {Evidence::ProvenAbsent, {}, "its address is not signed"};
    case DnsOutcome::Bogus:
        return {Evidence::Bogus, {}, alias.detail};
    case DnsOutcome::TempFailure:
        return {Evidence::TempFailure, {}, alias.detail};
    }
    //= RFC 7672 §2.2.2: only the name before the alias may have records that count then.
    return alias.security == DnsSecurity::Secure
               ? Candidates{Evidence::Proven, {host}, {}}
               : Candidates{Evidence::ProvenAbsent, {}, "its address is not signed"};
}

class Questions {
public:
    Questions(net::DnsResolver &resolver, Deadline deadline, const std::stop_token &stop)
        : m_resolver(resolver), m_deadline(deadline), m_stop(stop) {}

    [[nodiscard]] DnsAnswer ask(const std::string &name, DnsType type) const {
        return m_resolver.query(name, type, m_deadline.within(kQuestionTime), m_stop);
    }

    //! One family of addresses that DNSSEC proves is enough; a doubt weighs more than an absence.
    [[nodiscard]] Candidates candidates(const std::string &host) const {
        Candidates worst{Evidence::ProvenAbsent, {}, "no address"};
        std::optional<DnsAnswer> unsignedOne;
        for (const auto type : {DnsType::A, DnsType::Aaaa}) {
            auto answer = ask(host, type);
            switch (answer.outcome) {
            case DnsOutcome::Records:
                if (answer.security == DnsSecurity::Secure) {
                    return signedCandidates(answer, host);
                }
                unsignedOne = std::move(answer);
                break;
            case DnsOutcome::NoData:
            case DnsOutcome::NxDomain:
                break;
            case DnsOutcome::Bogus:
                worst = {Evidence::Bogus, {}, answer.detail};
                break;
            case DnsOutcome::TempFailure:
                if (worst.outcome != Evidence::Bogus) {
                    worst = {Evidence::TempFailure, {}, answer.detail};
                }
                break;
            }
        }
        if (!unsignedOne) {
            return worst;
        }
        const auto canonical = base::asciiLower(unsignedOne->canonicalName);
        if (canonical.empty() || canonical == host) {
            return {Evidence::ProvenAbsent, {}, "its address is not signed"};
        }
        return judgeUnsignedAlias(ask(host, DnsType::Cname), host);
    }

private:
    //= RFC 7672 §2.2.3: first where the aliases lead, then the name itself.
    static Candidates signedCandidates(const DnsAnswer &address, const std::string &host) {
        Candidates found{Evidence::Proven, {}, {}};
        auto canonical = base::asciiLower(address.canonicalName);
        if (!canonical.empty() && canonical != host) {
            found.bases.push_back(std::move(canonical));
        }
        found.bases.push_back(host);
        return found;
    }

    net::DnsResolver &m_resolver;
    Deadline m_deadline;
    const std::stop_token &m_stop;
};

std::string nameOf(const std::string &base) {
    return "_25._tcp." + base;
}

std::string described(const TlsaLookup &found) {
    std::vector<std::string> words;
    for (const auto &record : found.records) {
        const auto fault = crypto::faultOf(record);
        words.push_back(crypto::describe(record) +
                        (fault == crypto::TlsaFault::None
                             ? std::string()
                             : " (unusable: " + std::string(toString(fault)) + ")"));
    }
    return nameOf(found.base) + ": " +
           (words.empty() ? "no well-formed record" : base::join(words, ", "));
}

void conclude(TlsaLookup &found, Evidence outcome, std::string detail) {
    found.report.status = outcome;
    found.evidence.outcome = outcome;
    found.evidence.detail = std::move(detail);
}

void take(TlsaLookup &found, const DnsAnswer &answer, const std::string &base) {
    found.base = base;
    found.records = net::tlsaRecords(answer);
    found.ttl = answer.ttl;
    for (const auto &record : found.records) {
        found.report.records.push_back(crypto::describe(record));
        found.report.usable += crypto::faultOf(record) == crypto::TlsaFault::None ? 1 : 0;
    }
    conclude(found, Evidence::Proven, described(found));
}

EvidenceItem judged(const crypto::DaneVerdict &verdict, MxReport &mx) {
    EvidenceItem item{"dane:" + mx.host, Evidence::ProvenAbsent, verdict.detail};
    mx.dane.usable = verdict.usable;
    switch (verdict.outcome) {
    case crypto::DaneOutcome::Match:
        mx.dane.match = verdict.matched && verdict.matched->usage == kDaneEe ? DaneMatch::EndEntity
                                                                             : DaneMatch::Anchor;
        item.outcome = Evidence::Proven;
        item.detail = verdict.matched ? crypto::describe(*verdict.matched) : std::string();
        break;
    case crypto::DaneOutcome::Mismatch:
        mx.dane.match = DaneMatch::Mismatch;
        item.detail = "mismatch: " + verdict.detail;
        break;
    case crypto::DaneOutcome::Unusable:
        mx.dane.match = DaneMatch::Unusable;
        item.detail = "unusable: TLS is asked for, and nothing says by whom";
        break;
    }
    return item;
}
} // namespace

TlsaLookup lookUpTlsa(net::DnsResolver &resolver, const std::string &host, Deadline deadline,
                      const std::stop_token &stop) {
    TlsaLookup found;
    found.evidence.what = "tlsa:" + host;
    const Questions questions(resolver, deadline, stop);
    auto candidates = questions.candidates(host);
    if (candidates.outcome != Evidence::Proven) {
        conclude(found, candidates.outcome, std::move(candidates.detail));
        return found;
    }
    conclude(found, Evidence::ProvenAbsent, "no record");
    for (const auto &base : candidates.bases) {
        const auto answer = questions.ask(nameOf(base), DnsType::Tlsa);
        switch (answer.outcome) {
        case DnsOutcome::Records:
            if (answer.security == DnsSecurity::Secure) {
                take(found, answer, base);
                return found;
            }
            conclude(found, Evidence::ProvenAbsent, "its records are not signed");
            break;
        case DnsOutcome::NoData:
        case DnsOutcome::NxDomain:
            break;
        case DnsOutcome::Bogus:
            conclude(found, Evidence::Bogus, nameOf(base) + ": " + answer.detail);
            return found;
        case DnsOutcome::TempFailure:
            //= RFC 7672 §2.1.2: whoever can make this question fail must not switch DANE off.
            conclude(found, Evidence::TempFailure, nameOf(base) + ": " + answer.detail);
            return found;
        }
    }
    return found;
}

EvidenceItem compareWithTlsa(const TlsaLookup &found, const std::vector<std::string> &domainNames,
                             Time now, MxReport &mx) {
    mx.dane = found.report;
    if (found.report.status != Evidence::Proven || mx.outcome != ProbeOutcome::Encrypted ||
        !mx.tls || mx.tls->chain.empty()) {
        return {"dane:" + mx.host, Evidence::NotChecked, {}};
    }
    //= RFC 7672 §3.2.2: a DANE-TA certificate must bear the name below which the records stand, the
    // domain's, or the one that the domain is an alias of. The name of an MX that is an alias is
    // not among them.
    std::vector<std::string> names = {found.base};
    names.insert(names.end(), domainNames.begin(), domainNames.end());
    return judged(crypto::verifyDane(found.records, mx.tls->chain, names, now), mx);
}

Evidence daneStatusOf(const std::vector<MxReport> &mx) {
    for (const auto status :
         {Evidence::Bogus, Evidence::TempFailure, Evidence::Proven, Evidence::ProvenAbsent}) {
        if (std::any_of(mx.begin(), mx.end(),
                        [&](const auto &one) { return one.dane.status == status; })) {
            return status;
        }
    }
    return Evidence::NotChecked;
}

} // namespace sealpost::assurance
