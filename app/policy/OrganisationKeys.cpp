// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <limits>

namespace sealpost::policy {

namespace {

KeySpec bundleSigners() {
    const auto get = [](auto &policy) -> auto & {
        return policy.organisation.bundleSigners;
    };
    auto spec = baseSpec("organisation.bundle-signers", {ValueKind::Fingerprints, {}, {}, {}}, get,
                         stricter::fewer<std::string>());
    spec.read = [get](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (auto read = readFingerprints(value, reading)) {
            get(policy) = std::move(*read);
        }
    };
    spec.text = [get](const Policy &policy) {
        const auto &signers = get(policy);
        return listText({signers.begin(), signers.end()});
    };
    return spec;
}

} // namespace

void addOrganisationKeys(std::vector<KeySpec> &keys) {
    const auto first = keys.size();
    keys.push_back(textValue(
        "organisation.bundle-url", ValueKind::Url,
        [](auto &policy) -> auto & { return policy.organisation.bundleUrl; },
        stricter::neither<std::string>(), readUrl));
    keys.push_back(bundleSigners());
    keys.push_back(plainNumber(
        "organisation.bundle-least-version", {0, std::numeric_limits<std::int64_t>::max()},
        [](auto &policy) -> auto & { return policy.organisation.bundleLeastVersion; },
        stricter::greater<std::uint64_t>()));
    keys.push_back(duration(
        "organisation.bundle-refresh-hours", {1, 720},
        [](auto &policy) -> auto & { return policy.organisation.bundleRefresh; },
        stricter::less<std::chrono::hours>()));
    // A bundle or a person that could name who signs bundles could put any rules in force.
    for (auto i = first; i < keys.size(); ++i) {
        keys[i].authority = Authority::MachineOnly;
    }
}

} // namespace sealpost::policy
