// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: the matches of a text that is being written, from one version to the next.
#pragma once

#include "scan/Matcher.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! One stretch of a text that was replaced.
struct TextEdit {
    std::size_t from = 0;
    std::size_t oldTo = 0; //!< in the old text
    std::size_t newTo = 0; //!< in the new one
};
//! The smallest one that makes `after` of `before`.
[[nodiscard]] TextEdit editBetween(std::string_view before, std::string_view after);

class LiveMatches {
public:
    //! What Matcher::match() gives for the text.
    [[nodiscard]] Result<MatchReport> match(const Matcher &matcher, std::string_view text,
                                            std::string_view path, const Patience &patience);
    [[nodiscard]] std::size_t looked() const { return m_looked; }

private:
    [[nodiscard]] Result<void> scanWhole(const Matcher &matcher, std::string_view text,
                                         std::string_view path, const Patience &patience);
    //! False where the change may reach further than its surroundings.
    [[nodiscard]] Result<bool> scanAround(const Matcher &matcher, const TextEdit &edit,
                                          std::string_view text, std::string_view path,
                                          const Patience &patience);
    [[nodiscard]] bool reachesEverywhere(const TextEdit &edit, std::string_view text) const;
    void recount(std::string_view text);
    void relocate();

    MatchExtent m_extent;
    std::string m_text;
    Matches m_matches;                //!< of m_text; in order of place
    std::vector<Candidate> m_tallied; //!< one for each rule of which there are enough
    bool m_known = false;             //!< m_matches is that of m_text
    std::size_t m_looked = 0;
};

} // namespace sealpost::scan
