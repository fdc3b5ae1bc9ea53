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

//! Who wrote a layer; a later one stands over an earlier one.
enum class LayerKind {
    BuiltIn,
    Organisation, //!< the signed bundle
    Machine,      //!< this computer's administrator: registry and files
    User,
};

[[nodiscard]] constexpr std::string_view toString(LayerKind kind) {
    switch (kind) {
    case LayerKind::BuiltIn:
        return "built-in";
    case LayerKind::Organisation:
        return "organisation";
    case LayerKind::Machine:
        return "machine";
    case LayerKind::User:
        return "user";
    }
    return "built-in";
}

//! Where one effective value came from.
struct Origin {
    LayerKind layer = LayerKind::BuiltIn;
    SourcePosition position;
    bool locked = false;
    SourcePosition lockedBy; //!< of the key in `lock`'s document; its source alone
};

//! What stands over the built-in defaults, in the order in which it is laid.
struct PolicyStack {
    std::optional<PolicyLayer> organisation;
    std::vector<PolicyLayer> machine;
    std::optional<PolicyLayer> user;
};

struct EffectivePolicy {
    Policy policy;
    std::map<std::string, Origin> origins; //!< dotted key → where from; every key of the schema
    std::map<std::string, std::string> texts; //!< dotted key → the value as TOML text, for showing
    std::vector<PolicyProblem>
        refused; //!< values of later layers that did not count, or not wholly
};

//! Built-in defaults < organisation < machine < user: a later layer replaces the value of a key.
//! What a layer has locked, later ones may make stricter and never laxer (Strictness.h says which
//! way that is for each key); what a lock or the key's authority kept out is listed in `refused`.
//! AskAdmin "policy.invalid" where a layer has problems: sending stops, it never falls back to
//! laxer defaults (Error::subject is "file:line:column key").
[[nodiscard]] Result<EffectivePolicy> layerPolicies(const PolicyLayer &builtIn,
                                                    const PolicyStack &stack);

//! The entries of the exceptions list that have ended by `now`, and so no longer count.
[[nodiscard]] std::vector<TlsException> endedExceptions(const Policy &policy, Time now);

//! The built-in default policy, from the program's resources.
[[nodiscard]] const PolicyLayer &builtInPolicy();

enum class DocumentKind {
    Policy,
    Any, //!< or a bundle's document, with a table [bundle]: to be checked before it is signed
};

//! Reads a policy file of at most 1 MiB. FixInput "policy.unreadable" with the file as subject.
[[nodiscard]] Result<PolicyLayer> readPolicyFile(const std::filesystem::path &file,
                                                 DocumentKind kind = DocumentKind::Policy);

} // namespace sealpost::policy
