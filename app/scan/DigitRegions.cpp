// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/DigitRegions.h"

#include <algorithm>
#include <cstring>
#include <emmintrin.h>

namespace sealpost::scan {

namespace {

constexpr std::size_t kCell = 16;
constexpr int kLeast = 4;
constexpr std::size_t kAround = 64; //!< more than a number with its letters and spaces is long

//! How many of 16 bytes are digits. Hyperscan needs SSE4.2 anyway.
int digitsIn(const char *cell) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(cell));
    // Shifted so that the digits are the ten least signed values.
    const auto shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - '0')));
    const auto isDigit = _mm_cmplt_epi8(shifted, _mm_set1_epi8(-128 + 10));
    const auto ones = _mm_and_si128(isDigit, _mm_set1_epi8(1));
    const auto sums = _mm_sad_epu8(ones, _mm_setzero_si128()); // of each half
    return _mm_cvtsi128_si32(sums) + _mm_cvtsi128_si32(_mm_srli_si128(sums, 8));
}

} // namespace

std::vector<Region> digitRegions(std::string_view text) {
    std::vector<Region> regions;
    int before = 0; // in the two cells in front
    int last = 0;
    for (std::size_t at = 0; at < text.size(); at += kCell) {
        int here = 0;
        if (at + kCell <= text.size()) {
            here = digitsIn(text.data() + at);
        } else {
            here = static_cast<int>(std::count_if(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                  text.end(),
                                                  [](char c) { return c >= '0' && c <= '9'; }));
        }
        // Any 32 bytes lie in three cells.
        if (before + last + here >= kLeast) {
            const auto first = at > 2 * kCell + kAround ? at - 2 * kCell - kAround : 0;
            const auto end = std::min(at + kCell + kAround, text.size());
            if (!regions.empty() && first <= regions.back().to) {
                regions.back().to = end;
            } else {
                regions.push_back({first, end});
            }
        }
        before = last;
        last = here;
    }
    return regions;
}

} // namespace sealpost::scan
