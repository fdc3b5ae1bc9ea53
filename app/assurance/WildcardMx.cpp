// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/WildcardMx.h"

#include "base/SecretBytes.h"
#include "base/Text.h"

#include <chrono>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;
using net::DnsOutcome;

constexpr auto kQuestionTime = 5s;
constexpr std::size_t kRandomBytes = 8;
constexpr std::size_t kLongestName = 253;

//! One for the life of the process, so that a resolver asks for it once for each parent.
const std::string &randomLabel() {
    static const auto kLabel =
        "sealpost-" + base::toHex(base::SecretBytes::random(kRandomBytes).view());
    return kLabel;
}
} // namespace

std::optional<net::DnsQuestion> wildcardQuestion(const std::string &domain) {
    const auto dot = domain.find('.');
    if (dot == std::string::npos || domain.find('.', dot + 1) == std::string::npos) {
        return std::nullopt;
    }
    auto beside = randomLabel() + domain.substr(dot);
    if (beside.size() > kLongestName) {
        return std::nullopt;
    }
    return net::DnsQuestion{std::move(beside), net::DnsType::Mx};
}

std::optional<EvidenceItem> lookUpWildcard(net::DnsResolver &resolver, const std::string &domain,
                                           Deadline deadline, const std::stop_token &stop) {
    const auto question = wildcardQuestion(domain);
    if (!question) {
        return std::nullopt;
    }
    const auto parent = domain.substr(domain.find('.'));
    const auto answer =
        resolver.query(question->name, question->type, deadline.within(kQuestionTime), stop);
    EvidenceItem item{"mx-wildcard", answer.evidence(), answer.detail};
    switch (answer.outcome) {
    case DnsOutcome::Records:
        item.detail = "*" + parent;
        break;
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        item.detail = "no *" + parent;
        break;
    case DnsOutcome::Bogus:
    case DnsOutcome::TempFailure:
        break;
    }
    return item;
}

} // namespace sealpost::assurance
