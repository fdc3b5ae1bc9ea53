// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/TextRegions.h"

#include <algorithm>
#include <bit>
#include <emmintrin.h>

namespace sealpost::scan {

namespace {

constexpr std::size_t kCell = 16;
constexpr std::size_t kHalf = 8;
constexpr std::size_t kAround = 24;    //!< more than the letters and spaces around a number
constexpr std::size_t kAroundRun = 64; //!< more than a word in front of a key
constexpr std::size_t kNumber = 6;
constexpr std::size_t kLongNumber = 10;
constexpr int kCodeDigits = 3;

constexpr std::array<bool, 256> kOfRuns = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef-")) {
        table.at(static_cast<unsigned char>(c)) = true;
    }
    return table;
}();

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isCapital(char c) {
    return c >= 'A' && c <= 'Z';
}

__m128i load(const char *at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
}

//! All ones where a byte is one of [first, last].
__m128i within(__m128i bytes, char first, char last) {
    // Shifted so that the range has the least signed values.
    const auto shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - first)));
    return _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(-128 + (last - first) + 1)));
}

//! A bit for each of 16 bytes.
unsigned maskOf(__m128i bytes) {
    return static_cast<unsigned>(_mm_movemask_epi8(bytes));
}

class Finder {
public:
    explicit Finder(std::string_view text) : m_text(text) {}

    TextRegions find() {
        std::size_t at = 0;
        for (; at + kCell <= m_text.size(); at += kCell) {
            // Most cells have no digit, and there is nothing in them.
            if (const auto digits = maskOf(within(load(m_text.data() + at), '0', '9'))) {
                look(at, digits, kCell);
            }
        }
        unsigned digits = 0;
        for (std::size_t i = at; i < m_text.size(); ++i) {
            digits |= isDigit(m_text[i]) ? 1U << (i - at) : 0U;
        }
        if (digits != 0) {
            look(at, digits, m_text.size() - at);
        }
        return std::move(m_regions);
    }

private:
    void look(std::size_t at, unsigned digits, std::size_t size) {
        bool run = false;
        while (digits != 0) {
            const auto first = static_cast<std::size_t>(std::countr_zero(digits));
            const auto length = static_cast<std::size_t>(std::countr_one(digits >> first));
            addGroup(at + first, at + first + length);
            run = run || mayBeInRun(at + first);
            digits &= ~0U << (first + length);
        }
        if (run) {
            lookForRun(at, size);
        }
    }

    //! A run of 24 bytes goes on for twelve at least on one side of each of its bytes.
    [[nodiscard]] bool mayBeInRun(std::size_t digit) const {
        const auto isOf = [&](std::size_t at) {
            return at < m_text.size() && kOfRuns[static_cast<unsigned char>(m_text[at])];
        };
        return (isOf(digit + 4) && isOf(digit + 8) && isOf(digit + 12)) ||
               (isOf(digit - 4) && isOf(digit - 8) && isOf(digit - 12)); // wraps before the start
    }

    //! Digits side by side in one cell, from the text's first to its last.
    void addGroup(std::size_t from, std::size_t to) {
        const bool joined = from == m_end || (from == m_end + 1 && isJoint(m_text[m_end]));
        if (m_digits == 0 || !joined) {
            m_start = from;
            m_digits = 0;
        }
        m_digits += to - from;
        m_end = to;
        if (m_digits >= kNumber) {
            add(AnchorPlace::Numbers, m_start, m_end, kAround);
        }
        if (m_digits >= kLongNumber) {
            add(AnchorPlace::LongNumbers, m_start, m_end, kAround);
        }
        if (to < m_text.size() && isCapital(m_text[to])) {
            const auto before = m_text.substr(0, to).substr(to - std::min(to, kHalf));
            if (std::count_if(before.begin(), before.end(), isDigit) >= kCodeDigits) {
                add(AnchorPlace::Codes, to - before.size(), to + 1, kAround);
            }
        }
    }
    static bool isJoint(char c) { return c == ' ' || c == '.' || c == '-' || c == '/'; }

    //! Halves of cells that follow each other and have nothing else in them: any run of 24 bytes
    //! covers two. Looked for in the cell and in the one on either side.
    void lookForRun(std::size_t at, std::size_t size) {
        const auto from = at >= kCell ? at - kCell : 0;
        const auto to = std::min(at + size + kCell, m_text.size()) / kHalf * kHalf;
        bool hexBefore = false;
        bool capitalsBefore = false;
        for (auto half = from; half < to; half += kHalf) {
            const auto bytes =
                _mm_loadl_epi64(reinterpret_cast<const __m128i *>(m_text.data() + half));
            const auto common =
                _mm_or_si128(within(bytes, '0', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
            const auto hexLetters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'f');
            const bool hex = isWholeHalf(_mm_or_si128(common, hexLetters));
            const bool capitals = isWholeHalf(_mm_or_si128(common, within(bytes, 'A', 'Z')));
            if (hex && hexBefore) {
                add(AnchorPlace::Hex, half - kHalf, half + kHalf, kAroundRun);
            }
            if (capitals && capitalsBefore) {
                add(AnchorPlace::Capitals, half - kHalf, half + kHalf, kAroundRun);
            }
            hexBefore = hex;
            capitalsBefore = capitals;
        }
    }
    static bool isWholeHalf(__m128i matches) { return (maskOf(matches) & 0xFFU) == 0xFFU; }

    void add(AnchorPlace place, std::size_t from, std::size_t to, std::size_t around) {
        from -= std::min(from, around);
        to = std::min(to + around, m_text.size());
        auto &regions = m_regions.in(place);
        if (!regions.empty() && from <= regions.back().to) {
            regions.back().from = std::min(regions.back().from, from);
            regions.back().to = std::max(regions.back().to, to);
        } else {
            regions.push_back({from, to});
        }
    }

    std::string_view m_text;
    TextRegions m_regions;
    std::size_t m_start = 0;  //!< of the number that is read
    std::size_t m_end = 0;    //!< behind its last digit
    std::size_t m_digits = 0; //!< of it
};

} // namespace

TextRegions textRegions(std::string_view text) {
    return Finder(text).find();
}

} // namespace sealpost::scan
