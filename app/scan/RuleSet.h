// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "scan/Prefilter.h"
#include "scan/Rule.h"

#include <string_view>
#include <vector>

namespace sealpost::scan {

//! Reads one file of rules. AskAdmin "scan.rules" with file, line and column in the detail.
[[nodiscard]] Result<std::vector<Rule>> parseRules(std::string_view toml, std::string_view file);

//! Reads an organisation's file: in our format, or in the subset of gitleaks' that docs/scanner.md
//! describes where it has [[rules]]. The same error, for what is not supported too.
[[nodiscard]] Result<std::vector<Rule>> parseOwnRules(std::string_view toml, std::string_view file);

//! The rules that decide what is found; ids are unique.
class RuleSet {
public:
    //! Those inside the program. Bug "scan.rules" where they are malformed.
    [[nodiscard]] static Result<RuleSet> builtIn();
    [[nodiscard]] static Result<RuleSet> from(std::vector<Rule> rules);
    [[nodiscard]] const std::vector<Rule> &rules() const { return m_rules; }
    //! The built-in rules and these; an id that is taken gets "own-" in front.
    [[nodiscard]] static Result<RuleSet> builtInAnd(std::vector<Rule> own);
    //! Of each rule, in order.
    [[nodiscard]] std::vector<Anchor> anchors() const;

private:
    std::vector<Rule> m_rules;
};

} // namespace sealpost::scan
