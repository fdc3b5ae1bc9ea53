// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "policy/Policy.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::policy {

//! Where a value was written.
struct SourcePosition {
    std::string source; //!< file name or "built-in"
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

//! A mistake in a policy file; all of them are reported, not just the first.
struct PolicyProblem {
    SourcePosition position;
    std::string key;     //!< dotted: "decision.secrets.routes"; for a syntax error what is wrong
    std::string code;    //!< "policy.syntax", "policy.unknown-key", "policy.wrong-type",
                         //!< "policy.bad-value", "policy.missing-field", "policy.locked",
                         //!< "policy.machine-only"
    std::string meant;   //!< the key or value that was perhaps meant; may be empty
    std::string allowed; //!< what may stand there; may be empty
};

//! The keys that one document sets, as values: a layer.
struct PolicyLayer {
    std::string source; //!< as in the positions
    Policy values;
    std::map<std::string, SourcePosition> set; //!< dotted key → where
    std::set<std::string> locked;              //!< keys of its `lock = […]`
    std::vector<PolicyProblem> problems;       //!< where there is one, `values` is not to be used
};

//! Reads one TOML document (UTF-8). `source` names it in positions. A syntax error is a problem
//! "policy.syntax" too. An exception entry that lacks one of its five fields is a problem.
[[nodiscard]] PolicyLayer parsePolicy(std::string_view toml, std::string_view source);

struct TomlValue;
//! The same from a document that is a table already, whatever it was read from.
[[nodiscard]] PolicyLayer parseTable(const TomlValue &document, std::string_view source);
//! By their place in the document.
void sortProblems(PolicyLayer &layer);

} // namespace sealpost::policy
