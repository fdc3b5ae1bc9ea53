// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

// In their order from strict to lax.
constexpr std::array kRevocationWords = {RevocationUnknown::Block, RevocationUnknown::Justify,
                                         RevocationUnknown::Allow};

std::string_view revocationWord(RevocationUnknown choice) {
    switch (choice) {
    case RevocationUnknown::Block:
        return "block";
    case RevocationUnknown::Justify:
        return "justify";
    case RevocationUnknown::Allow:
        return "allow";
    }
    return "block";
}

} // namespace

void addPeopleKeys(std::vector<KeySpec> &keys) {
    keys.push_back(oneWord(
        "certificates.revocation-unknown", kRevocationWords, revocationWord,
        [](auto &policy) -> auto & { return policy.revocationUnknown; },
        stricter::less<RevocationUnknown>()));
    keys.push_back(duration(
        "certificates.expiry-warning-days", {0, 3650},
        [](auto &policy) -> auto & { return policy.expiryWarning; },
        stricter::greater<std::chrono::days>()));
    keys.push_back(domainList(
        "domains.internal", [](auto &policy) -> auto & { return policy.internalDomains; },
        stricter::coversLess()));
    keys.push_back(domainList(
        "domains.partner", [](auto &policy) -> auto & { return policy.partnerDomains; },
        stricter::coversLess()));
    keys.push_back(boolean(
        "cjsm.managed-computer", [](auto &policy) -> auto & { return policy.managedComputer; },
        stricter::less<bool>()));
    keys.push_back(domainList(
        "cjsm.multi-client-relays", [](auto &policy) -> auto & { return policy.multiClientRelays; },
        stricter::coversMore()));
}

} // namespace sealpost::policy
