// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicySchema.h"

#include "policy/PolicyKeys.h"

#include <algorithm>
#include <set>

namespace sealpost::policy {

const std::vector<KeySpec> &schema() {
    static const auto kKeys = [] {
        std::vector<KeySpec> keys;
        addOrganisationKeys(keys);
        addDecisionKeys(keys);
        addTlsKeys(keys);
        addCertificateKeys(keys);
        addPeopleKeys(keys);
        addProgramKeys(keys);
        addScanKeys(keys);
        addSmimeKeys(keys);
        addConductKeys(keys);
        addSubmissionKeys(keys);
        addAccountKeys(keys);
        addKeepingKeys(keys);
        addMarkingKeys(keys);
        addTestingKeys(keys);
        return keys;
    }();
    return kKeys;
}

const KeySpec *findKey(std::string_view key) {
    const auto &keys = schema();
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const KeySpec &spec) { return spec.key == key; });
    return found == keys.end() ? nullptr : &*found;
}

bool isTable(std::string_view name) {
    const auto prefix = std::string(name) + ".";
    const auto &keys = schema();
    return std::any_of(keys.begin(), keys.end(),
                       [&](const KeySpec &spec) { return spec.key.starts_with(prefix); });
}

const std::vector<std::string> &allNames() {
    static const auto kNames = [] {
        std::set<std::string> names{"lock"};
        for (const auto &spec : schema()) {
            names.insert(spec.key);
            for (auto dot = spec.key.find('.'); dot != std::string::npos;
                 dot = spec.key.find('.', dot + 1)) {
                names.insert(spec.key.substr(0, dot));
            }
        }
        return std::vector<std::string>(names.begin(), names.end());
    }();
    return kNames;
}

} // namespace sealpost::policy
