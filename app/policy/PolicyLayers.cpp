// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyLayers.h"

#include "base/Units.h"
#include "policy/PolicyBundle.h"
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

class Layering {
public:
    explicit Layering(EffectivePolicy &effective) : m_effective(effective) {}

    [[nodiscard]] Result<void> add(const PolicyLayer &layer, LayerKind kind) {
        if (auto sound = requireSound(layer); !sound) {
            return sound;
        }
        for (const auto &spec : schema()) {
            if (const auto set = layer.set.find(spec.key); set != layer.set.end()) {
                addValue(spec, layer, kind, set->second);
            }
        }
        for (const auto &key : layer.locked) {
            auto &origin = m_effective.origins[key];
            if (!origin.locked) {
                origin.locked = true;
                origin.lockedBy.source = layer.source;
            }
        }
        return {};
    }

private:
    void addValue(const KeySpec &spec, const PolicyLayer &layer, LayerKind kind,
                  const SourcePosition &position) {
        auto &policy = m_effective.policy;
        auto &origin = m_effective.origins[spec.key];
        const auto before = spec.text(policy);
        if (spec.authority == Authority::MachineOnly &&
            (kind == LayerKind::Organisation || kind == LayerKind::User)) {
            m_effective.refused.push_back({position, spec.key, "policy.machine-only", {}, {}});
            return;
        }
        if (!origin.locked) {
            spec.copy(layer.values, policy);
            origin.layer = kind;
            origin.position = position;
            return;
        }
        spec.tighten(layer.values, policy);
        const auto after = spec.text(policy);
        if (after != before) {
            origin.layer = kind;
            origin.position = position;
        }
        if (after != spec.text(layer.values)) {
            m_effective.refused.push_back({position, spec.key, "policy.locked", {}, after});
        }
    }

    EffectivePolicy &m_effective;
};

} // namespace

Result<EffectivePolicy> layerPolicies(const PolicyLayer &builtIn, const PolicyStack &stack) {
    std::vector<std::pair<LayerKind, const PolicyLayer *>> layers{{LayerKind::BuiltIn, &builtIn}};
    if (stack.organisation) {
        layers.emplace_back(LayerKind::Organisation, &*stack.organisation);
    }
    for (const auto &layer : stack.machine) {
        layers.emplace_back(LayerKind::Machine, &layer);
    }
    if (stack.user) {
        layers.emplace_back(LayerKind::User, &*stack.user);
    }
    EffectivePolicy effective;
    Layering layering(effective);
    for (const auto &[kind, layer] : layers) {
        if (auto added = layering.add(*layer, kind); !added) {
            return fail(added.error());
        }
    }
    for (const auto &spec : schema()) {
        (void)effective.origins[spec.key];
        effective.texts[spec.key] = spec.text(effective.policy);
    }
    return effective;
}

std::vector<TlsException> endedExceptions(const Policy &policy, Time now) {
    std::vector<TlsException> ended;
    std::copy_if(policy.exceptions.begin(), policy.exceptions.end(), std::back_inserter(ended),
                 [&](const TlsException &entry) { return entry.expires <= now; });
    return ended;
}

Result<PolicyLayer> readPolicyFile(const std::filesystem::path &file, DocumentKind kind) {
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
    return kind == DocumentKind::Any ? parsePolicyOrBundle(text, file.string())
                                     : parsePolicy(text, file.string());
}

} // namespace sealpost::policy
