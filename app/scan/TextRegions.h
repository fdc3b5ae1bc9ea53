// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: where a text has numbers, and where it has long runs of letters and digits.
#pragma once

#include <string_view>
#include <vector>

namespace sealpost::scan {

struct Region {
    std::size_t from = 0;
    std::size_t to = 0;
};

//! Ascending and apart from each other; each has what stands around it.
struct TextRegions {
    std::vector<Region> digits; //!< all places with four digits or more within 32 bytes
    std::vector<Region> runs;   //!< all runs of 24 bytes or more, none of them below '+'
};

//! Runs at the speed of memory. Patterns without a word in them are what costs a matcher of many
//! patterns the most time, and most of a text has neither numbers nor long runs.
[[nodiscard]] TextRegions textRegions(std::string_view text);

} // namespace sealpost::scan
