// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: one text, from the prefilter's hits to a report.
#pragma once

#include "scan/Judge.h"
#include "scan/Matcher.h"
#include "scan/Prefilter.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

inline constexpr std::size_t kMaxFindings = 1'000; //!< of one text; more add nothing for a person
inline constexpr std::size_t kBehind = 64;         //!< what look-behinds may see

//! The secrets of a rule that says something by their number alone.
class Tallies {
public:
    void add(const Candidate &candidate, std::string_view text);
    //! One candidate for each rule of which there are enough.
    [[nodiscard]] std::vector<Candidate> take();

private:
    struct Tally {
        std::set<std::string_view> distinct;
        Candidate first;
    };
    std::map<const CompiledRule *, Tally> m_tallies;
};

//! One text on its way to candidates.
class MatchRun {
public:
    MatchRun(std::string_view text, std::string_view path, const std::vector<CompiledRule> &rules,
             const AccountChecks &accounts)
        : m_text(text), m_path(path), m_rules(rules), m_accounts(accounts), m_states(rules.size()) {
    }

    enum class Extent { Whole, Part };
    //! The prefilter's hits in the text from `offset` on. In those of the whole text a rule that
    //! counts is passed over at once where there are too few.
    void examine(const std::vector<HitRange> &hits, std::size_t offset, Extent extent);
    //! Those of rules that count are left out.
    [[nodiscard]] std::vector<Candidate> takeFound() { return std::move(m_candidates); }
    //! Those of rules that count, each by itself.
    [[nodiscard]] std::vector<Candidate> takeCounted() { return std::move(m_counted); }
    [[nodiscard]] bool tooMany() const { return m_tooMany; }
    [[nodiscard]] std::vector<std::string> gaveUp() const;

private:
    enum class Use { Unknown, On, Off };
    struct State {
        Use use = Use::Unknown;
        std::size_t next = 0; //!< nothing that starts before it is looked at again
        int gaveUp = 0;
    };

    void examineRule(std::span<const HitRange> hits, std::size_t offset);
    bool isOn(const CompiledRule &rule, State &state);
    bool hasKeyword(const Rule &rule);
    std::size_t search(const CompiledRule &rule, State &state, std::size_t from, std::size_t last);
    void weighAccount(Candidate &candidate) const;
    void keep(Candidate &&candidate);

    std::string_view m_text;
    std::string_view m_path;
    std::string m_lower; //!< the text in lower case, once a rule with keywords needs it
    const std::vector<CompiledRule> &m_rules;
    const AccountChecks &m_accounts;
    std::vector<State> m_states; //!< of each rule
    std::vector<Candidate> m_candidates;
    std::vector<Candidate> m_counted;
    bool m_tooMany = false;
    bool m_gaveUp = false; //!< any rule
};

//! Of candidates whose secrets overlap the most specific stays; in order of place.
[[nodiscard]] std::vector<Finding> findingsOf(std::string_view text,
                                              std::vector<Candidate> candidates);
//! A finding of a rule, still without a place.
[[nodiscard]] Finding findingOf(const Rule &rule, Confidence confidence);

} // namespace sealpost::scan
