// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeResolver.h"

#include "base/Text.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace sealpost::practice {

namespace {

using net::DnsAnswer;
using net::DnsOutcome;
using net::DnsSecurity;
using net::DnsType;

constexpr std::chrono::minutes kTtl{5};
constexpr std::string_view kZone = "practice.example";

struct Zone {
    std::string_view domain;
    std::string_view mxAddress;
    DnsSecurity security;
};

constexpr std::array kZones = {
    Zone{"justice.practice.example", kGoodMxAddress, DnsSecurity::Secure},
    Zone{"court.practice.example", kGoodMxAddress, DnsSecurity::Secure},
    Zone{"council.practice.example", kGoodMxAddress, DnsSecurity::Insecure},
    Zone{"oldmail.practice.example", kPlainMxAddress, DnsSecurity::Insecure},
};

std::string mxHost(const Zone &zone) {
    return "mx." + std::string(zone.domain);
}

DnsAnswer answer(DnsOutcome outcome, DnsSecurity security, const std::string &name) {
    DnsAnswer result;
    result.outcome = outcome;
    result.security = security;
    result.canonicalName = name;
    result.ttl = kTtl;
    return result;
}

//! The record where the type is the one that the name has, else NoData.
DnsAnswer only(DnsType has, DnsType asked, std::string rdata, DnsSecurity security,
               const std::string &name) {
    if (asked != has) {
        return answer(DnsOutcome::NoData, security, name);
    }
    auto result = answer(DnsOutcome::Records, security, name);
    result.rdata.push_back(std::move(rdata));
    return result;
}

class PracticeResolver final : public net::DnsResolver {
public:
    DnsAnswer query(const std::string &asked, DnsType type, Deadline /*deadline*/,
                    std::stop_token /*stop*/) override {
        auto name = base::asciiLower(asked);
        if (name.ends_with('.')) {
            name.pop_back();
        }
        if (name.empty() || name == kZone) {
            return answer(DnsOutcome::NoData, DnsSecurity::Secure, name);
        }
        if (name == kSubmissionHost) {
            return only(DnsType::A, type, net::encodeAddress("127.0.0.1"), DnsSecurity::Secure,
                        name);
        }
        if (name == kUnsureDomain) {
            auto result = answer(DnsOutcome::TempFailure, DnsSecurity::Insecure, name);
            result.detail = "practice: no answer";
            return result;
        }
        for (const auto &zone : kZones) {
            if (name == zone.domain) {
                return only(DnsType::Mx, type, net::encodeMx({10, mxHost(zone)}), zone.security,
                            name);
            }
            if (name == mxHost(zone)) {
                return only(DnsType::A, type, net::encodeAddress(std::string(zone.mxAddress)),
                            zone.security, name);
            }
        }
        auto result = answer(DnsOutcome::NxDomain, DnsSecurity::Secure, name);
        result.detail = "practice";
        return result;
    }
};

} // namespace

std::vector<std::string> practiceTlsHosts() {
    std::vector<std::string> hosts;
    for (const auto &zone : kZones) {
        if (zone.mxAddress == kGoodMxAddress) {
            hosts.push_back(mxHost(zone));
        }
    }
    return hosts;
}

std::shared_ptr<net::DnsResolver> makePracticeResolver() {
    return std::make_shared<PracticeResolver>();
}

} // namespace sealpost::practice
