// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: where a text has numbers.
#pragma once

#include <string_view>
#include <vector>

namespace sealpost::scan {

struct Region {
    std::size_t from = 0;
    std::size_t to = 0;
};

//! All places with four digits or more within 32 bytes, each with what stands around it; ascending
//! and apart from each other. Runs at the speed of memory: bare numbers are what costs a matcher of
//! many patterns the most time, and most of a text has none.
[[nodiscard]] std::vector<Region> digitRegions(std::string_view text);

} // namespace sealpost::scan
