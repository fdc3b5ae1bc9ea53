// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "policy/PolicyParser.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::policy {

//! Where one effective value came from.
struct Origin {
    SourcePosition position;
    bool locked = false;
};

struct EffectivePolicy {
    Policy policy;
    std::map<std::string, Origin> origins; //!< dotted key → where from; every key of the schema
    std::map<std::string, std::string> texts; //!< dotted key → the value as TOML text, for showing
    std::vector<PolicyProblem> refused;       //!< values of lower layers that a lock kept out
};

//! Built-in defaults < machine < user; a value that a higher layer locked is not changed by a lower
//! one: such a value is left out and listed in `refused`. AskAdmin "policy.invalid" where a
//! layer has problems: sending stops, it never falls back to laxer defaults (Error::subject is
//! "file:line:column key").
[[nodiscard]] Result<EffectivePolicy> layerPolicies(const PolicyLayer &builtIn,
                                                    const std::vector<PolicyLayer> &machine,
                                                    const std::optional<PolicyLayer> &user);

//! The built-in default policy, from the program's resources.
[[nodiscard]] const PolicyLayer &builtInPolicy();

//! Reads a policy file. FixInput "policy.unreadable".
[[nodiscard]] Result<PolicyLayer> readPolicyFile(const std::filesystem::path &file);

} // namespace sealpost::policy
