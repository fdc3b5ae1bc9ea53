// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/PolicyFiles.h"

#include <algorithm>
#include <system_error>
#include <vector>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;

//! Whether something stands there, even where it can't be looked at.
bool isThere(const fs::path &path) {
    std::error_code error;
    const auto status = fs::symlink_status(path, error);
    return status.type() != fs::file_type::not_found;
}

Result<std::vector<fs::path>> machineFiles(const fs::path &folder) {
    std::vector<fs::path> files;
    const auto parts = folder / "policy.d";
    if (isThere(parts)) {
        std::error_code error;
        for (fs::directory_iterator it(parts, error), end; !error && it != end;
             it.increment(error)) {
            if (it->path().extension() == ".toml") {
                files.push_back(it->path());
            }
        }
        if (error) {
            return fail("policy.unreadable", "policy", Reaction::AskAdmin, error.message(),
                        parts.string());
        }
        std::sort(files.begin(), files.end());
    }
    if (const auto main = folder / "policy.toml"; isThere(main)) {
        files.insert(files.begin(), main);
    }
    return files;
}

} // namespace

Result<policy::EffectivePolicy> readPolicies(const fs::path &machineFolder,
                                             const std::optional<fs::path> &chosen,
                                             const fs::path &userPolicy) {
    const auto files = machineFiles(machineFolder);
    if (!files) {
        return fail(files.error());
    }
    policy::PolicyStack stack;
    for (const auto &file : *files) {
        auto layer = policy::readPolicyFile(file);
        if (!layer) {
            return fail(layer.error());
        }
        stack.machine.push_back(std::move(*layer));
    }
    if (chosen || isThere(userPolicy)) {
        auto layer = policy::readPolicyFile(chosen ? *chosen : userPolicy);
        if (!layer) {
            return fail(layer.error());
        }
        stack.user = std::move(*layer);
    }
    return policy::layerPolicies(policy::builtInPolicy(), stack);
}

} // namespace sealpost::runtime
