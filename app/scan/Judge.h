// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: a rule ready for work, and what speaks for or against one match of it.
#pragma once

#include "scan/Pattern.h"
#include "scan/Rule.h"
#include "scan/validators/Validators.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! A table's first line, up to here, counts as nearby.
inline constexpr std::size_t kHeaderLine = 1024;
//! Of a very long line, what is near the match.
inline constexpr std::size_t kLineNearby = 1024;
//! The first line where it is a table's; else empty.
[[nodiscard]] std::string_view tableHeader(std::string_view text);

//! AllowTogether, compiled.
struct TogetherPatterns {
    std::vector<Pattern> paths;
    std::vector<Pattern> regexes;
};

//! A rule with its patterns; `rule.matches` and `rule.quiet` are left out.
struct CompiledRule {
    Rule rule;
    std::optional<Pattern> pattern; //!< none: the path alone decides
    std::optional<Pattern> path;
    std::vector<Pattern> allowPath;
    std::vector<Pattern> allow;
    std::vector<Pattern> allowMatch;
    std::vector<Pattern> allowLine;
    std::vector<TogetherPatterns> allowTogether; //!< in the order of those of the rule
    std::vector<Pattern> near;
    std::vector<const Validator *> validators;
    bool isAccount = false; //!< the secret is an account's number, beside its sort code

    //! Whether the rule is for a file with this path.
    [[nodiscard]] bool isFor(std::string_view filePath) const;
    //! The same for two paths where it treats files with them the same.
    [[nodiscard]] std::string meaningOf(std::string_view filePath) const;
};

//! AskAdmin "scan.rules" naming the rule.
[[nodiscard]] Result<CompiledRule> compileRule(const Rule &rule, PatternCompilation when);

//! An exact match on its way to a finding.
struct Candidate {
    const CompiledRule *rule = nullptr;
    Confidence confidence = Confidence::Medium;
    Span whole;
    Span secret;
    std::vector<std::string> because;
    std::string digest; //!< where it stands for several secrets: of all of them
    friend bool operator==(const Candidate &, const Candidate &) = default;
};

//! Whether the match at `whole` with its `secret` is one; sets confidence and because. `gaveUp`
//! becomes true where an allow list's pattern reached its limit (it then allows nothing). `path` is
//! that of the file.
[[nodiscard]] bool isGenuine(std::string_view text, std::string_view path, Candidate &candidate,
                             bool &gaveUp);

} // namespace sealpost::scan
