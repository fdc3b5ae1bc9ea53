// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/EditDistance.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sealpost::base {

namespace {

//! Three rows of the usual table: the last two and the one that is filled.
template <typename Char>
std::size_t distance(std::basic_string_view<Char> a, std::basic_string_view<Char> b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> previous(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(previous);
        previous.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({previous[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

} // namespace

std::size_t editDistance(std::string_view a, std::string_view b) {
    return distance(a, b);
}

std::size_t editDistance(std::u32string_view a, std::u32string_view b) {
    return distance(a, b);
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    std::string best;
    auto bestDistance = std::max<std::size_t>(2, word.size() / 4) + 1;
    for (const auto &candidate : candidates) {
        const auto distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace sealpost::base
