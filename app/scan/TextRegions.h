// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: where a text has what anchors without a word in them look for.
#pragma once

#include "scan/Rule.h"

#include <array>
#include <string_view>
#include <vector>

namespace sealpost::scan {

struct Region {
    std::size_t from = 0;
    std::size_t to = 0;
};

//! Ascending and apart from each other; each has what stands around it.
using Regions = std::vector<Region>;

//! By AnchorPlace, of which Anywhere stays empty.
struct TextRegions {
    std::array<Regions, kAnchorPlaces.size()> of;

    [[nodiscard]] Regions &in(AnchorPlace place) { return of.at(static_cast<std::size_t>(place)); }
};

//! All places that a text has. Runs at the speed of memory over what has no digit: patterns without
//! a word are what costs a matcher of many patterns the most time, and most of a text is none of
//! these.
[[nodiscard]] TextRegions textRegions(std::string_view text);

} // namespace sealpost::scan
