// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HostLookup.h"

#include "base/IpAddress.h"

#include <chrono>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

constexpr auto kQuestionTime = 10s;
//! Hardly a host has more; a reply that is stuffed with addresses does not keep us busy.
constexpr std::size_t kMostOfFamily = 6;

//! Which of two outcomes says more of a host that has no address: a doubt outweighs an absence.
int weight(DnsOutcome outcome) {
    switch (outcome) {
    case DnsOutcome::Records:
        return 4;
    case DnsOutcome::Bogus:
        return 3;
    case DnsOutcome::TempFailure:
        return 2;
    case DnsOutcome::NoData:
        return 1;
    case DnsOutcome::NxDomain:
        return 0;
    }
    return 0;
}
} // namespace

HostLookup lookUpHost(DnsResolver &resolver, const std::string &host, Deadline deadline,
                      const std::stop_token &stop) {
    HostLookup lookup;
    lookup.canonicalName = host;
    if (base::octetsFromIpLiteral(host) || host == "localhost") {
        lookup.addresses = {host == "localhost" ? "127.0.0.1" : host};
        lookup.outcome = DnsOutcome::Records;
        return lookup;
    }
    lookup.outcome = DnsOutcome::NxDomain;
    const auto answers = resolver.queryAll({{host, DnsType::Aaaa}, {host, DnsType::A}},
                                           deadline.within(kQuestionTime), stop);
    for (const auto &answer : answers) {
        if (weight(answer.outcome) > weight(lookup.outcome)) {
            lookup.outcome = answer.outcome;
            lookup.detail = answer.detail;
        }
        std::size_t count = 0;
        for (auto &address : addressRecords(answer)) {
            if (count++ < kMostOfFamily) {
                lookup.addresses.push_back(std::move(address));
            }
        }
        if (!answer.canonicalName.empty() && !answer.rdata.empty()) {
            lookup.canonicalName = answer.canonicalName;
        }
    }
    if (lookup.outcome == DnsOutcome::Records && lookup.addresses.empty()) {
        lookup.outcome = DnsOutcome::TempFailure;
        lookup.detail = "malformed addresses";
    }
    return lookup;
}

} // namespace sealpost::net
