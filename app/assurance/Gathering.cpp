// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Gathering.h"

#include "assurance/AskAhead.h"
#include "assurance/CjsmDns.h"
#include "assurance/DaneLookup.h"
#include "assurance/MxProber.h"
#include "assurance/Together.h"
#include "base/IpNetwork.h"
#include "base/Text.h"
#include "net/HostLookup.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sealpost::assurance {

namespace {
constexpr std::size_t kMostAtOnce = 4;
//! No honest domain has more; the rest is listed as not probed.
constexpr std::size_t kMostMx = 16;

ProbeResult lookAt(const AssessorConfig &config, MxProber &prober, const ProbeTarget &target,
                   Freshness freshness, Deadline deadline, const std::stop_token &stop) {
    if (!config.policy.probePort25) {
        return resolveMx(*config.resolver, target.record,
                         base::parseNetworks(config.policy.privateNetworks), deadline, stop);
    }
    return prober.probe(target, freshness, deadline, stop);
}

//! What is asked here is in the resolver's memory when the dialogue and the records need it.
bool isAlias(net::DnsResolver &resolver, const std::string &host, Deadline deadline,
             const std::stop_token &stop) {
    return net::lookUpHost(resolver, host, deadline, stop).canonicalName != host;
}

//! One host: its dialogue, and at the same time its TLSA records where the MX answer is signed. The
//! records of an alias come first: they say by which name to call the server.
struct HostPart {
    ProbeResult probe;
    std::optional<std::chrono::seconds> ttl;
};

HostPart gatherHost(const AssessorConfig &config, MxProber &prober, const MailHosts &mail,
                    const net::MxRecord &record, Freshness freshness, Deadline deadline,
                    const std::stop_token &stop) {
    HostPart part;
    ProbeTarget target{record};
    const auto look = [&] {
        part.probe = lookAt(config, prober, target, freshness, deadline, stop);
    };
    //= RFC 7672 §2.2.1: an MX answer that is not signed leads to no TLSA records that count.
    if (mail.dnssec != Evidence::Proven) {
        look();
        part.probe.mx.dane.status = Evidence::ProvenAbsent;
        return part;
    }
    expectHost(*config.resolver, record.host);
    TlsaLookup found;
    const auto ask = [&] { found = lookUpTlsa(*config.resolver, record.host, deadline, stop); };
    if (isAlias(*config.resolver, record.host, deadline, stop)) {
        ask();
        //= RFC 7672 §8.1: SNI is the name below which the records stand.
        if (found.report.status == Evidence::Proven && found.base != record.host) {
            target.serverName = found.base;
        }
        look();
    } else {
        together({look, ask});
    }
    part.ttl = found.ttl;
    auto compared = compareWithTlsa(found, mail.domainNames, config.clock->now(), part.probe.mx);
    part.probe.evidence.push_back(std::move(found.evidence));
    part.probe.evidence.push_back(std::move(compared));
    return part;
}
} // namespace

MailPart gatherMail(const AssessorConfig &config, MxProber &prober, const std::string &domain,
                    Freshness freshness, Deadline deadline, const std::stop_token &stop) {
    auto found = lookUpMx(*config.resolver, domain, deadline, stop);
    MailPart part;
    part.state = found.state;
    part.dnssec = found.dnssec;
    part.evidence = std::move(found.evidence);
    part.life.dnsTtl = found.ttl;
    if (found.state != MailHosts::State::Found) {
        return part;
    }
    std::vector<HostPart> results(found.hosts.size());
    forEachAtOnce(results.size(), kMostAtOnce, [&](std::size_t i) {
        if (i < kMostMx && !stop.stop_requested()) {
            results[i] =
                gatherHost(config, prober, found, found.hosts[i], freshness, deadline, stop);
        } else {
            results[i].probe.mx.host = found.hosts[i].host;
            results[i].probe.mx.preference = found.hosts[i].preference;
        }
    });
    for (auto &[probe, ttl] : results) {
        part.life.shortenTo({ttl, {}});
        part.mx.push_back(std::move(probe.mx));
        std::move(probe.evidence.begin(), probe.evidence.end(), std::back_inserter(part.evidence));
    }
    return part;
}

PublishedPart gatherPublished(const AssessorConfig &config, const std::string &domain,
                              Freshness freshness, Deadline deadline, const std::stop_token &stop) {
    PublishedPart part;
    if (config.policy.fetchMtaSts) {
        const MtaStsSources sources{config.resolver, config.clock, config.cache,
                                    config.fetchPolicy ? config.fetchPolicy
                                                       : httpsPolicyFetch(config.caFile)};
        auto found = lookUpMtaSts(sources, domain, freshness, deadline, stop);
        part.mtaSts = std::move(found.report);
        part.evidence = std::move(found.evidence);
        part.life = found.life;
    } else {
        part.evidence.push_back({"mta-sts", Evidence::NotChecked, "the policy says not to"});
    }
    auto reporting = lookUpTlsReporting(*config.resolver, domain, deadline, stop);
    part.tlsRpt = reporting.outcome;
    part.evidence.push_back(std::move(reporting));
    return part;
}

CjsmPart gatherCjsm(const AssessorConfig &config, const std::string &domain, Deadline deadline,
                    const std::stop_token &stop) {
    CjsmPart part;
    if (base::isSameOrSubdomain(domain, "cjsm.net")) {
        part.status = domain == "cjsm.net" ? CjsmStatus::NotFound : CjsmStatus::Address;
        return part;
    }
    auto answer = lookUpCjsm(*config.resolver, domain, deadline, stop);
    part.status = answer.status;
    part.evidence.push_back(std::move(answer.evidence));
    return part;
}

} // namespace sealpost::assurance
