// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

namespace sealpost::policy {

void addProgramKeys(std::vector<KeySpec> &keys) {
    // Probing proves more of a domain, and shows more to the network: neither is stricter.
    keys.push_back(boolean(
        "probe.port-25", [](auto &policy) -> auto & { return policy.probePort25; },
        stricter::neither<bool>()));
    keys.push_back(boolean(
        "probe.mta-sts", [](auto &policy) -> auto & { return policy.fetchMtaSts; },
        stricter::neither<bool>()));
    keys.push_back(duration(
        "probe.report-lifetime-hours", {0, 168},
        [](auto &policy) -> auto & { return policy.reportLifetime; },
        stricter::less<std::chrono::hours>()));
    keys.push_back(mebibytes(
        "message.max-size-mib", {1, 2000},
        [](auto &policy) -> auto & { return policy.maxMessageSize; }, stricter::less<ByteCount>()));
    keys.push_back(duration(
        "message.plan-lifetime-minutes", {1, 1440},
        [](auto &policy) -> auto & { return policy.planLifetime; },
        stricter::less<std::chrono::minutes>()));
}

void addTestingKeys(std::vector<KeySpec> &keys) {
    keys.push_back(boolean(
        "testing.allow-overrides", [](auto &policy) -> auto & { return policy.allowTestOverrides; },
        stricter::less<bool>()));
}

} // namespace sealpost::policy
