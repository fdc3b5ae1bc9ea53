// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: texts to findings.
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "scan/AccountChecks.h"
#include "scan/Finding.h"
#include "scan/Judge.h"
#include "scan/Patience.h"
#include "scan/Pattern.h"
#include "scan/RuleSet.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

struct MatchReport {
    std::vector<Finding> findings;   //!< in order; their source and part are left empty
    bool tooMany = false;            //!< there were more, which are left out
    std::vector<std::string> gaveUp; //!< ids of the rules of which a pattern reached its limit
};

//! What a part of a text has, before the most specific is chosen and before anything is counted.
struct Matches {
    std::vector<Candidate> found;
    std::vector<Candidate> counted; //!< of rules with a least count
    bool tooMany = false;
    std::vector<std::string> gaveUp;
};

//! How far the rules look, in bytes.
struct MatchExtent {
    std::size_t match = 0;          //!< the longest that a match can be
    std::size_t context = 0;        //!< what is read on either side of one to judge it
    std::set<std::string> keywords; //!< words, lower case, whose presence anywhere counts
};

//! All rules over one text: one Hyperscan pass for candidates, then for each the exact match,
//! entropy, allow list, validator and nearby words. Any thread.
class Matcher {
public:
    //! `serialisedAnchors` spares compiling them where it is Prefilter::serialised() of these
    //! rules. OnFirstUse is for rules that are known to be right.
    [[nodiscard]] static Result<Matcher> create(const RuleSet &rules,
                                                std::string_view serialisedAnchors = {},
                                                PatternCompilation when = PatternCompilation::Now);
    //! What create() takes for the same rules.
    [[nodiscard]] Result<std::string> serialisedAnchors(const RuleSet &rules) const;
    //! Account numbers are weighed by it from now on; before the first match.
    void check(AccountChecks accounts);
    Matcher(Matcher &&other) noexcept;
    Matcher &operator=(Matcher &&other) noexcept;
    ~Matcher();

    //! `path` is that of the file which the text is from, for rules that depend on it.
    [[nodiscard]] Result<MatchReport> match(std::string_view text, std::string_view path,
                                            const Patience &patience) const;
    //! Matches whose anchors are in the window; they are judged by the whole text.
    [[nodiscard]] Result<Matches> matchesIn(std::string_view text, Span window,
                                            std::string_view path, const Patience &patience) const;
    [[nodiscard]] MatchExtent extent() const;
    //! Which rules are for files with this path, and for what is inside one.
    [[nodiscard]] std::string meaningOfPath(std::string_view path) const;
    //! Of rules that a path alone decides.
    [[nodiscard]] std::vector<Finding> matchPath(std::string_view path) const;

private:
    struct Private;
    explicit Matcher(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::scan
