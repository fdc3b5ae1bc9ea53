// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "policy/PolicyLayers.h"

#include <filesystem>
#include <optional>

namespace sealpost::runtime {

//! Reads and lays the policies over each other: built-in, `machineFolder`/policy.toml and
//! policy.d/*.toml (by name), then `chosen` or, where none was chosen, `userPolicy` if it exists.
//! readPolicyFile()'s and layerPolicies()'s errors: a file that is there and can't be read stops
//! sending, it is never passed over.
[[nodiscard]] Result<policy::EffectivePolicy>
readPolicies(const std::filesystem::path &machineFolder,
             const std::optional<std::filesystem::path> &chosen,
             const std::filesystem::path &userPolicy);

} // namespace sealpost::runtime
