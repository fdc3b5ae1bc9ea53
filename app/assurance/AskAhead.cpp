// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/AskAhead.h"

#include "assurance/MxLookup.h"
#include "assurance/WildcardMx.h"
#include "base/IpAddress.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace sealpost::assurance {

namespace {
constexpr std::chrono::seconds kMxTime{10};
constexpr std::size_t kMostHosts = 4;
} // namespace

using net::DnsQuestion;
using net::DnsType;

void askAhead(net::DnsResolver &resolver, const policy::Policy &policy, const std::string &domain,
              const std::stop_token &stop) {
    std::vector<DnsQuestion> questions{{domain, DnsType::Mx},
                                       {"_smtp._tls." + domain, DnsType::Txt}};
    if (policy.fetchMtaSts) {
        questions.push_back({"_mta-sts." + domain, DnsType::Txt});
    }
    if (const auto wildcard = wildcardQuestion(domain)) {
        questions.push_back(*wildcard);
    }
    resolver.expect(domain, questions);
    resolver.expect("cjsm.net", {{domain + ".cjsm.net", DnsType::Mx}});
    const auto mail = lookUpMx(resolver, domain, Deadline::after(kMxTime), stop);
    for (std::size_t i = 0; i < std::min(mail.hosts.size(), kMostHosts); ++i) {
        const auto &host = mail.hosts[i].host;
        expectHost(resolver, host);
        resolver.expect(host, {{host, DnsType::Aaaa}, {host, DnsType::A}});
    }
}

void expectKeysOf(net::DnsResolver &resolver, const std::string &domain) {
    resolver.expect(domain, {{"_smtp._tls." + domain, DnsType::Txt}});
}

void expectHost(net::DnsResolver &resolver, const std::string &host) {
    const auto dot = host.find('.');
    if (dot == std::string::npos || base::octetsFromIpLiteral(host)) {
        return;
    }
    resolver.expect(host.substr(dot + 1), {{"_25._tcp." + host, DnsType::Tlsa}});
}

} // namespace sealpost::assurance
