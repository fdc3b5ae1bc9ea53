// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what the bytes of a text are, 64 at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sealpost::scan {

using Bits = std::uint64_t; //!< one for each byte of a word of text, the first in the lowest

constexpr std::size_t kWord = 64;

struct WordBits {
    Bits digits = 0;
    Bits joints = 0; //!< what can stand between two digits of a number
    Bits capitals = 0;
    Bits atSigns = 0;
    Bits ofHex = 0;      //!< hexadecimal digits and '-'
    Bits ofCapitals = 0; //!< capital letters, digits and '-'
};

//! Of so many whole words of a text.
void readWords(const char *text, std::size_t words, WordBits *into);

//! The same for what is of either of base64's alphabets.
void readBase64Words(const char *text, std::size_t words, Bits *into);
//! And for what is printable ASCII, a tab or the end of a line.
void readPrintableWords(const char *text, std::size_t words, Bits *into);
//! Whether all bytes are ASCII.
[[nodiscard]] bool isAscii(std::string_view text);
//! The same on processors without AVX2.
void readWordsPlainly(const char *text, std::size_t words, WordBits *into);
void readBase64WordsPlainly(const char *text, std::size_t words, Bits *into);
void readPrintableWordsPlainly(const char *text, std::size_t words, Bits *into);
[[nodiscard]] bool isAsciiPlainly(std::string_view text);

//! Where kLeast bits or more in a row are set, over word after word.
template <unsigned kLeast> class LongRuns {
public:
    //! `each(from, to)` is called for every run that ends before the word does.
    template <class Each> void feed(std::size_t at, Bits bits, Each each) {
        const auto goesOn = static_cast<std::size_t>(std::countr_one(bits));
        if (startsIn(bits) == 0 && m_open + goesOn < kLeast) { // most words
            begin(bits);
            return;
        }
        if (m_open > 0) {
            m_open += goesOn;
            if (goesOn == kWord) {
                return;
            }
            finish(at + goesOn, each);
            bits &= ~Bits{0} << goesOn;
        }
        m_open = static_cast<std::size_t>(std::countl_one(bits));
        if (m_open == kWord) {
            return;
        }
        bits &= ~Bits{0} >> m_open;
        for (auto starts = startsIn(bits); starts != 0;) {
            const auto from = static_cast<unsigned>(std::countr_zero(starts));
            const auto to = from + static_cast<unsigned>(std::countr_one(bits >> from));
            each(at + from, at + to);
            starts &= ~Bits{0} << to; // no run that ends in the word ends with it
        }
    }
    [[nodiscard]] bool isOpen() const { return m_open > 0; }
    //! In place of feed() where none is open, and what lies inside the word doesn't matter.
    void begin(Bits bits) { m_open = static_cast<std::size_t>(std::countl_one(bits)); }
    //! The text ends here, or the run that is open does.
    template <class Each> void finish(std::size_t at, Each each) {
        if (m_open >= kLeast) {
            each(at - m_open, at);
        }
        m_open = 0;
    }

private:
    //! Where kLeast bits or more in a row start, or go on.
    static Bits startsIn(Bits bits) {
        static_assert(kLeast == 6 || kLeast == 24 || kLeast == 32);
        const auto two = bits & bits >> 1U;
        const auto four = two & two >> 2U;
        if constexpr (kLeast == 6) {
            return four & two >> 4U;
        }
        const auto eight = four & four >> 4U;
        const auto sixteen = eight & eight >> 8U;
        return sixteen & (kLeast == 24 ? eight >> 16U : sixteen >> 16U);
    }

    std::size_t m_open = 0; //!< the length so far of a run that reached the end of the word before
};

} // namespace sealpost::scan
