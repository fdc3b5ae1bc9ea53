// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

namespace sealpost::policy {

void addPeopleKeys(std::vector<KeySpec> &keys) {
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
