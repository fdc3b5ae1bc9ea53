// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sealpost::base {

//! How many characters must be put in, taken out, replaced or swapped with their neighbour to come
//! from `a` to `b` (Damerau-Levenshtein, optimal string alignment). Of bytes or of code points.
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);
[[nodiscard]] std::size_t editDistance(std::u32string_view a, std::u32string_view b);

//! The candidate that is nearest to `word`, where one is near enough to have been meant: at most 2
//! edits, or a quarter of the word. Else empty. The first of several that are as near.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

} // namespace sealpost::base
