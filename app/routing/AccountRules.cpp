// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/AccountRules.h"

#include "base/Text.h"

#include <algorithm>

namespace sealpost::routing {

std::vector<ReasonId> againstCjsm(const AccountFacts &account, const policy::Policy &policy) {
    std::vector<ReasonId> against;
    if (!account.mayUseCjsm) {
        against.push_back(ReasonId::CjsmAccount);
    }
    if (!policy.managedComputer) {
        against.push_back(ReasonId::CjsmUnmanagedComputer);
    }
    const auto &relays = policy.multiClientRelays;
    if (std::any_of(relays.begin(), relays.end(), [&](const std::string &relay) {
            return base::isSameOrSubdomain(account.host, relay);
        })) {
        against.push_back(ReasonId::CjsmRelay);
    }
    return against;
}

bool isOnOmeTenant(const AccountFacts &account, const policy::OmePolicy &ome) {
    const bool elsewhere = account.provider == mail::ProviderKind::Google ||
                           account.provider == mail::ProviderKind::CjsmServer;
    return !elsewhere && ome.submissionHosts.contains(account.host) &&
           ome.tenants.contains(account.domain);
}

bool isOmeSetUp(const policy::OmePolicy &ome) {
    return !ome.tenants.empty() && !(ome.triggerHeader.empty() && ome.triggerSubject.empty());
}

} // namespace sealpost::routing
