// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyLayers.h"

#include "base/Units.h"
#include "policy/PolicySchema.h"

#include <fstream>
#include <iterator>

namespace sealpost::policy {

namespace {

constexpr ByteCount kLargestFile = base::kMiB;

std::string where(const SourcePosition &position) {
    return position.source + ":" + std::to_string(position.line) + ":" +
           std::to_string(position.column);
}

Result<void> requireSound(const PolicyLayer &layer) {
    if (layer.problems.empty()) {
        return {};
    }
    const auto &first = layer.problems.front();
    return fail("policy.invalid", "policy", Reaction::AskAdmin,
                first.code + ", " + std::to_string(layer.problems.size()) + " in all",
                where(first.position) + " " + first.key);
}

//! What `layer` sets, over what is there; a locked value stays and the attempt is noted.
void apply(const PolicyLayer &layer, EffectivePolicy &effective) {
    for (const auto &spec : schema()) {
        const auto set = layer.set.find(spec.key);
        if (set == layer.set.end()) {
            continue;
        }
        auto &origin = effective.origins[spec.key];
        if (!origin.locked) {
            spec.copy(layer.values, effective.policy);
            origin.position = set->second;
        } else if (const auto kept = spec.text(effective.policy); kept != spec.text(layer.values)) {
            effective.refused.push_back({set->second, spec.key, "policy.locked", {}, kept});
        }
    }
    for (const auto &key : layer.locked) {
        effective.origins[key].locked = true;
    }
}

} // namespace

Result<EffectivePolicy> layerPolicies(const PolicyLayer &builtIn,
                                      const std::vector<PolicyLayer> &machine,
                                      const std::optional<PolicyLayer> &user) {
    std::vector<const PolicyLayer *> layers{&builtIn};
    for (const auto &layer : machine) {
        layers.push_back(&layer);
    }
    if (user) {
        layers.push_back(&*user);
    }
    EffectivePolicy effective;
    for (const auto *layer : layers) {
        if (auto sound = requireSound(*layer); !sound) {
            return fail(sound.error());
        }
        apply(*layer, effective);
    }
    for (const auto &spec : schema()) {
        (void)effective.origins[spec.key];
        effective.texts[spec.key] = spec.text(effective.policy);
    }
    return effective;
}

Result<PolicyLayer> readPolicyFile(const std::filesystem::path &file) {
    const auto unreadable = [&](std::string_view detail) {
        return fail("policy.unreadable", "policy", Reaction::FixInput, detail, file.string());
    };
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (error) {
        return unreadable(error.message());
    }
    // A FIFO or device would block or never end.
    if (!std::filesystem::is_regular_file(status)) {
        return unreadable("not a file");
    }
    if (std::filesystem::file_size(file, error) > kLargestFile || error) {
        return unreadable(error ? error.message() : "larger than 1 MiB");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return unreadable("can't be opened");
    }
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (stream.bad()) {
        return unreadable("read error");
    }
    return parsePolicy(text, file.string());
}

} // namespace sealpost::policy
