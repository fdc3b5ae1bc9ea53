// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/TextRegions.h"

#include <algorithm>
#include <emmintrin.h>

namespace sealpost::scan {

namespace {

constexpr std::size_t kCell = 16;
constexpr int kLeastDigits = 4;
constexpr std::size_t kAround = 64; //!< more than a number with its letters and spaces is long

struct Cell {
    int digits = 0;
    unsigned separators = 0; //!< a bit for each byte that ends a run
};

//! What 16 bytes hold. Hyperscan needs SSE4.2 anyway.
Cell cellAt(const char *text) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text));
    // Shifted so that the digits are the ten least signed values.
    const auto shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - '0')));
    const auto isDigit = _mm_cmplt_epi8(shifted, _mm_set1_epi8(-128 + 10));
    const auto ones = _mm_and_si128(isDigit, _mm_set1_epi8(1));
    const auto sums = _mm_sad_epu8(ones, _mm_setzero_si128()); // of each half
    const auto separators = _mm_cmplt_epi8(bytes, _mm_set1_epi8('+'));
    return {_mm_cvtsi128_si32(sums) + _mm_cvtsi128_si32(_mm_srli_si128(sums, 8)),
            static_cast<unsigned>(_mm_movemask_epi8(separators))};
}

//! The last bytes of a text, as a cell with spaces behind them.
Cell lastCell(std::string_view rest) {
    char padded[kCell];
    std::fill(std::copy(rest.begin(), rest.end(), padded), padded + kCell, ' ');
    return cellAt(padded);
}

void add(std::vector<Region> &regions, std::size_t from, std::size_t to) {
    if (!regions.empty() && from <= regions.back().to) {
        regions.back().to = to;
    } else {
        regions.push_back({from, to});
    }
}

} // namespace

TextRegions textRegions(std::string_view text) {
    constexpr unsigned kHalf = 0xFF;
    TextRegions regions;
    int before = 0; // digits in the two cells in front
    int last = 0;
    int halves = 0; // as many halves of cells in front belong to a run
    for (std::size_t at = 0; at < text.size(); at += kCell) {
        const auto cell =
            at + kCell <= text.size() ? cellAt(text.data() + at) : lastCell(text.substr(at));
        const auto end = std::min(at + kCell + kAround, text.size());
        // Any 32 bytes lie in three cells.
        if (before + last + cell.digits >= kLeastDigits) {
            add(regions.digits, at > 2 * kCell + kAround ? at - 2 * kCell - kAround : 0, end);
        }
        before = last;
        last = cell.digits;
        // Any run of 24 bytes covers two halves that follow each other.
        const bool first = (cell.separators & kHalf) == 0;
        const bool second = cell.separators >> 8U == 0;
        if (first && (second || halves > 0)) {
            add(regions.runs, at > kCell + kAround ? at - kCell - kAround : 0, end);
        }
        halves = second ? 1 : 0;
    }
    return regions;
}

} // namespace sealpost::scan
