// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::routing {

//! Finds the known domain that another one could be mistaken for: by letters that look alike (the
//! same skeleton, UTS #39), or by a slip (Damerau-Levenshtein on skeletons: one edit in 3 to 9
//! characters, two from 10; what both share at their ends counts for nothing).
class LookAlikes {
public:
    //! Domains as lower-case A-labels. A known one covers what is under it; a suffix is worth
    //! imitating too (gov.uk, cjsm.net), but what is under it belongs to many.
    LookAlikes(const std::set<std::string> &known, const std::set<std::string> &suffixes);

    //! The known domain that `domain` (A-label) or a parent of it resembles; empty where there is
    //! none, or where `domain` is known or under a known one.
    [[nodiscard]] std::string find(std::string_view domain) const;

private:
    struct Known {
        std::string domain;
        std::u32string skeleton;
        std::uint64_t letters = 0; //!< a bit for each that occurs: a cheap bound on the distance
    };
    void add(const std::set<std::string> &domains);

    std::set<std::string, std::less<>> m_covering;
    std::vector<Known> m_known;
};

} // namespace sealpost::routing
