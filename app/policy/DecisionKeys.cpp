// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

constexpr std::array kRows = {MessageClass::Official, MessageClass::OfficialDomainUnknown,
                              MessageClass::Sensitive, MessageClass::Secrets};

// Weak, None, Violated and Undeliverable are left out: nothing ever goes to them by TLS.
constexpr std::array kSufficient = {Assurance::Enforced, Assurance::Published, Assurance::Verified,
                                    Assurance::Registered, Assurance::Unknown};
constexpr std::array kRoutes = {RouteKind::Smime, RouteKind::Tls, RouteKind::Cjsm, RouteKind::Ome};

constexpr auto kRouteWord = [](RouteKind kind) { return base::toString(kind); };
constexpr auto kAssuranceWord = [](Assurance assurance) { return base::toString(assurance); };

DecisionRow &rowOf(Policy &policy, MessageClass row) {
    return policy.decision[row];
}

const DecisionRow &rowOf(const Policy &policy, MessageClass row) {
    static const DecisionRow kNone;
    const auto found = policy.decision.find(row);
    return found == policy.decision.end() ? kNone : found->second;
}

} // namespace

void addDecisionKeys(std::vector<KeySpec> &keys) {
    for (const auto row : kRows) {
        const auto table = "decision." + std::string(toString(row));
        keys.push_back(wordList(
            table + ".routes", kRoutes,
            kRouteWord, [row](auto &policy) -> auto & { return rowOf(policy, row).routes; },
            stricter::endsEarlier<RouteKind>()));
        keys.push_back(wordList(
            table + ".tls-suffices", kSufficient, kAssuranceWord,
            [row](auto &policy) -> auto & { return rowOf(policy, row).tlsSuffices; },
            stricter::fewer<Assurance>()));
        keys.push_back(wordList(
            table + ".justify", kRoutes,
            kRouteWord, [row](auto &policy) -> auto & { return rowOf(policy, row).justify; },
            stricter::more<RouteKind>()));
    }
}

} // namespace sealpost::policy
