// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/PolicyFiles.h"

#include <algorithm>
#include <system_error>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;
using policy::LayerKind;

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

//! Collects layers and what became of each place; the first trouble stops all of it in the end, but
//! the other places are looked at too, so that a helpdesk sees everything at once.
class Collector {
public:
    void addFile(LayerKind kind, const fs::path &file) {
        add(kind, file.string(), policy::readPolicyFile(file));
    }

    void add(LayerKind kind, const std::string &place, Result<policy::PolicyLayer> layer) {
        PolicySource source{kind, place};
        if (!layer) {
            note(layer.error());
            source.trouble = layer.error();
        } else {
            source.problems = layer->problems;
            source.inForce = layer->problems.empty();
            auto &stack = m_stack;
            if (kind == LayerKind::User) {
                stack.user = std::move(*layer);
            } else {
                stack.machine.push_back(std::move(*layer));
            }
        }
        m_sources.push_back(std::move(source));
    }

    void addBundle(const std::string &url, const PolicyPlaces &places,
                   const policy::Policy &machine) {
        PolicySource source{LayerKind::Organisation, url};
        if (!places.bundle) {
            source.used = false;
        } else if (auto bundle = places.bundle(machine); !bundle) {
            note(bundle.error());
            source.trouble = bundle.error();
        } else {
            m_stack.organisation = std::move(bundle->layer);
            source.inForce = true;
            source.trouble = bundle->trouble;
            source.bundle = std::move(*bundle);
        }
        m_sources.insert(m_sources.begin(), std::move(source));
    }

    void note(const Error &error) {
        if (!m_first) {
            m_first = error;
        }
    }

    //! Built-in and machine layers alone: whom to ask for the bundle.
    [[nodiscard]] Result<policy::EffectivePolicy> machine() const {
        if (m_first) {
            return fail(*m_first);
        }
        return policy::layerPolicies(policy::builtInPolicy(),
                                     {std::nullopt, m_stack.machine, std::nullopt});
    }

    [[nodiscard]] PolicyReading finish() && {
        PolicySource builtIn{LayerKind::BuiltIn, "built-in"};
        builtIn.inForce = true;
        m_sources.insert(m_sources.begin(), std::move(builtIn));
        if (m_first) {
            return {fail(*m_first), std::move(m_sources)};
        }
        return {policy::layerPolicies(policy::builtInPolicy(), m_stack), std::move(m_sources)};
    }

private:
    policy::PolicyStack m_stack;
    std::vector<PolicySource> m_sources;
    std::optional<Error> m_first;
};

void addMachine(const PolicyPlaces &places, Collector &collector) {
    if (places.registry) {
        const auto key = places.registry->read();
        if (!key) {
            collector.add(LayerKind::Machine, std::string(policy::kRegistryPlace),
                          fail(key.error()));
        } else if (*key) {
            collector.add(LayerKind::Machine, std::string(policy::kRegistryPlace),
                          policy::parseRegistry(**key));
        }
    }
    const auto files = machineFiles(places.machineFolder);
    if (!files) {
        collector.add(LayerKind::Machine, files.error().subject, fail(files.error()));
        return;
    }
    for (const auto &file : *files) {
        collector.addFile(LayerKind::Machine, file);
    }
}

} // namespace

PolicyReading readPolicies(const PolicyPlaces &places) {
    Collector collector;
    addMachine(places, collector);
    const auto machine = collector.machine();
    // With a mistake in the machine's policy nothing is sent anyway, and nobody is asked.
    if (machine && !machine->policy.organisation.bundleUrl.empty()) {
        collector.addBundle(machine->policy.organisation.bundleUrl, places, machine->policy);
    }
    if (places.chosen || isThere(places.userPolicy)) {
        collector.addFile(LayerKind::User, places.chosen ? *places.chosen : places.userPolicy);
    }
    return std::move(collector).finish();
}

} // namespace sealpost::runtime
