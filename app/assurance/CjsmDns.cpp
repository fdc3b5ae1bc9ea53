// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CjsmDns.h"

#include "base/SecretBytes.h"
#include "base/Text.h"

#include <chrono>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;
using net::DnsOutcome;

constexpr auto kQuestionTime = 5s;
constexpr std::size_t kRandomBytes = 8;
constexpr std::size_t kLongestName = 253;

//! A name that a wildcard answers where it would answer for `name`, and that nobody has.
std::string randomBeside(const std::string &name) {
    const auto random = base::SecretBytes::random(kRandomBytes);
    return "sealpost-" + base::toHex(random.view()) + name.substr(name.find('.'));
}

CjsmDnsAnswer unknown(Evidence outcome, std::string detail) {
    return {CjsmStatus::Unknown, {"cjsm-dns", outcome, std::move(detail)}};
}
} // namespace

CjsmDnsAnswer lookUpCjsm(net::DnsResolver &resolver, const std::string &domain, Deadline deadline,
                         const std::stop_token &stop) {
    const auto name = domain + ".cjsm.net";
    if (name.size() > kLongestName) {
        return {CjsmStatus::NotFound, {"cjsm-dns", Evidence::ProvenAbsent, "name too long"}};
    }
    const auto ask = [&](const std::string &what) {
        return resolver.query(what, net::DnsType::Mx, deadline.within(kQuestionTime), stop);
    };
    const auto found = ask(name);
    switch (found.outcome) {
    case DnsOutcome::Records:
        break;
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        return {CjsmStatus::NotFound, {"cjsm-dns", Evidence::ProvenAbsent, "no MX at " + name}};
    case DnsOutcome::Bogus:
        return unknown(Evidence::Bogus, found.detail);
    case DnsOutcome::TempFailure:
        return unknown(Evidence::TempFailure, found.detail);
    }
    const auto mx = net::mxRecords(found);
    if (mx.empty() || mx.front().host.empty()) {
        return {CjsmStatus::NotFound, {"cjsm-dns", Evidence::ProvenAbsent, "null MX at " + name}};
    }
    const auto beside = ask(randomBeside(name));
    switch (beside.outcome) {
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        return {CjsmStatus::Dns, {"cjsm-dns", Evidence::Proven, "MX at " + name}};
    case DnsOutcome::Records:
        return unknown(Evidence::NotChecked, "a wildcard answers for " + name);
    case DnsOutcome::Bogus:
        return unknown(Evidence::Bogus, beside.detail);
    case DnsOutcome::TempFailure:
        return unknown(Evidence::TempFailure, beside.detail);
    }
    return unknown(Evidence::NotChecked, {});
}

} // namespace sealpost::assurance
