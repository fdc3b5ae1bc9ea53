// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "policy/PolicyLayers.h"
#include "policy/PolicyRegistry.h"
#include "runtime/OrganisationBundle.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sealpost::runtime {

//! Where policies are looked for.
struct PolicyPlaces {
    std::filesystem::path machineFolder; //!< policy.toml, and policy.d/*.toml by name
    std::shared_ptr<const policy::PolicyRegistry> registry; //!< may be null
    std::optional<std::filesystem::path> chosen;            //!< instead of userPolicy
    std::filesystem::path userPolicy;                       //!< need not be there
    //! Asked where the machine's policy (built-in and machine layers) names a bundle. Empty: a
    //! bundle that is named is not used (practice mode).
    std::function<Result<BundleReading>(const policy::Policy &machine)> bundle;
};

//! One place that was looked at.
struct PolicySource {
    policy::LayerKind layer = policy::LayerKind::BuiltIn;
    std::string place; //!< "built-in", a file, a registry key or a URL
    bool inForce = false;
    bool used = true; //!< false: named, but left out in practice mode
    std::optional<Error>
        trouble; //!< why it is not in force; or, of a bundle in force, why no newer
    std::vector<policy::PolicyProblem> problems;
    std::optional<BundleReading> bundle; //!< without its layer
};

struct PolicyReading {
    Result<policy::EffectivePolicy> effective;
    std::vector<PolicySource> sources; //!< in the order in which they are laid
};

//! Reads and lays the policies over each other: built-in, the organisation's bundle, the registry,
//! the machine's files, the person's. Anything that is there and can't be read, or has a mistake,
//! stops sending; it is never passed over: readPolicyFile()'s, layerPolicies()'s and the bundle's
//! errors.
[[nodiscard]] PolicyReading readPolicies(const PolicyPlaces &places);

} // namespace sealpost::runtime
