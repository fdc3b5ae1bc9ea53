// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/MxLookup.h"

#include "base/Text.h"
#include "net/HostLookup.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;
using net::DnsAnswer;
using net::DnsOutcome;
using net::DnsSecurity;

constexpr auto kQuestionTime = 10s;

EvidenceItem dnssecItem(const DnsAnswer &answer) {
    constexpr std::string_view kWhat = "mx-dnssec";
    if (answer.outcome == DnsOutcome::Bogus) {
        return {std::string(kWhat), Evidence::Bogus, answer.detail};
    }
    if (answer.outcome == DnsOutcome::TempFailure) {
        return {std::string(kWhat), Evidence::TempFailure, answer.detail};
    }
    switch (answer.security) {
    case DnsSecurity::Secure:
        return {std::string(kWhat), Evidence::Proven, "signed"};
    case DnsSecurity::Insecure:
        return {std::string(kWhat), Evidence::ProvenAbsent, "not signed"};
    case DnsSecurity::Bogus:
        return {std::string(kWhat), Evidence::Bogus, answer.detail};
    }
    return {std::string(kWhat), Evidence::NotChecked, {}};
}

//! A name that leads to the sender's own machine is nobody's mail server (RFC 6761 §6.3).
bool isLocal(const std::string &host) {
    return base::isSameOrSubdomain(host, "localhost");
}

std::string listed(const std::vector<net::MxRecord> &hosts) {
    std::vector<std::string> words;
    words.reserve(hosts.size());
    for (const auto &record : hosts) {
        words.push_back(std::to_string(record.preference) + " " + record.host);
    }
    return base::join(words, ", ");
}

void conclude(MailHosts &result, MailHosts::State state, Evidence outcome, std::string detail) {
    result.state = state;
    result.evidence.push_back({"mx", outcome, std::move(detail)});
}

//! What is peculiar of the answer, for people to be told.
void remark(MailHosts &result, std::string what, std::string detail = {}) {
    result.evidence.push_back({std::move(what), Evidence::Proven, std::move(detail)});
}

bool isListed(const std::vector<net::MxRecord> &hosts, const std::string &host) {
    return std::any_of(hosts.begin(), hosts.end(),
                       [&](const auto &record) { return record.host == host; });
}

void judgeRecords(MailHosts &result, const DnsAnswer &answer) {
    using State = MailHosts::State;
    bool nullMx = false;
    bool localMx = false;
    for (auto &record : net::mxRecords(answer)) {
        if (record.host.empty()) {
            nullMx = true;
        } else if (isLocal(record.host)) {
            localMx = true;
        } else if (!isListed(result.hosts, record.host)) { // twice is once, at its best preference
            result.hosts.push_back(std::move(record));
        }
    }
    if (nullMx) {
        remark(result, "mx-null", result.hosts.empty() ? "alone" : "beside others");
    }
    if (localMx) {
        remark(result, "mx-localhost");
    }
    if (result.hosts.empty()) {
        //= RFC 7505 §3: a null MX says that the domain takes no mail.
        if (nullMx || localMx) {
            conclude(result, State::Undeliverable, Evidence::Proven,
                     nullMx ? "null MX" : "MX is localhost");
        } else {
            conclude(result, State::Unknown, Evidence::TempFailure, "malformed MX records");
        }
        return;
    }
    auto detail = listed(result.hosts);
    if (nullMx) {
        //= RFC 7505 §3: a null MX must stand alone; beside others it is a mistake and means
        // nothing.
        detail += "; a null MX beside others, passed over";
    }
    if (localMx) {
        detail += "; localhost passed over";
    }
    conclude(result, State::Found, Evidence::Proven, std::move(detail));
}

//= RFC 5321 §5.1: without an MX the domain's own address is where its mail goes.
void judgeAddress(MailHosts &result, net::DnsResolver &resolver, const std::string &domain,
                  Deadline deadline, const std::stop_token &stop) {
    using State = MailHosts::State;
    const auto found = net::lookUpHost(resolver, domain, deadline, stop);
    switch (found.outcome) {
    case DnsOutcome::Records:
        result.hosts = {{0, domain}};
        remark(result, "mx-implicit");
        conclude(result, State::Found, Evidence::ProvenAbsent, "implicit MX: its own address");
        return;
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        conclude(result, State::Undeliverable, Evidence::ProvenAbsent, "neither MX nor address");
        return;
    case DnsOutcome::Bogus:
        conclude(result, State::Unknown, Evidence::Bogus, found.detail);
        return;
    case DnsOutcome::TempFailure:
        conclude(result, State::Unknown, Evidence::TempFailure, found.detail);
        return;
    }
}
} // namespace

MailHosts lookUpMx(net::DnsResolver &resolver, const std::string &domain, Deadline deadline,
                   const std::stop_token &stop) {
    using State = MailHosts::State;
    MailHosts result;
    result.domainNames = {domain};
    if (isLocal(domain)) {
        conclude(result, State::Undeliverable, Evidence::ProvenAbsent, "this computer");
        return result;
    }
    const auto answer =
        resolver.query(domain, net::DnsType::Mx, deadline.within(kQuestionTime), stop);
    result.ttl = answer.ttl;
    switch (answer.outcome) {
    case DnsOutcome::Records:
        judgeRecords(result, answer);
        break;
    case DnsOutcome::NoData:
        judgeAddress(result, resolver, domain, deadline, stop);
        break;
    case DnsOutcome::NxDomain:
        remark(result, "mx-no-domain");
        conclude(result, State::Undeliverable, Evidence::ProvenAbsent, "no such domain");
        break;
    case DnsOutcome::Bogus:
        conclude(result, State::Unknown, Evidence::Bogus, answer.detail);
        break;
    case DnsOutcome::TempFailure:
        //= RFC 5321 §5.1: a failed MX question never leads to the domain's address.
        conclude(result, State::Unknown, Evidence::TempFailure, answer.detail);
        break;
    }
    if (!answer.canonicalName.empty() && answer.canonicalName != domain) {
        result.evidence.back().detail += "; CNAME to " + answer.canonicalName;
        result.domainNames.push_back(base::asciiLower(answer.canonicalName));
        remark(result, "mx-alias", answer.canonicalName);
    }
    auto dnssec = dnssecItem(answer);
    result.dnssec = dnssec.outcome;
    result.evidence.push_back(std::move(dnssec));
    return result;
}

} // namespace sealpost::assurance
