// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/WordBits.h"

#include <algorithm>
#include <immintrin.h>

namespace sealpost::scan {

namespace {

__m128i within(__m128i bytes, char first, char last) {
    // Shifted so that the range has the least signed values.
    const auto shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - first)));
    return _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(-128 + (last - first) + 1)));
}

Bits maskOf(__m128i bytes) {
    return static_cast<unsigned>(_mm_movemask_epi8(bytes));
}

Bits base64In(__m128i bytes) {
    const auto letters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const auto low =
        _mm_or_si128(within(bytes, '/', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('+')));
    const auto forUrls = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')),
                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, low), forUrls)));
}

Bits printableIn(__m128i bytes) {
    const auto spaces =
        _mm_or_si128(within(bytes, '\t', '\n'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
    return maskOf(_mm_or_si128(within(bytes, ' ', '~'), spaces));
}

#define SEALPOST_AVX2 __attribute__((target("avx2")))

SEALPOST_AVX2 inline __m256i within(__m256i bytes, char first, char last) {
    const auto shifted = _mm256_add_epi8(bytes, _mm256_set1_epi8(static_cast<char>(0x80 - first)));
    return _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(-128 + (last - first) + 1)),
                             shifted);
}

SEALPOST_AVX2 inline Bits maskOf(__m256i bytes) {
    return static_cast<unsigned>(_mm256_movemask_epi8(bytes));
}

//! The same in half the steps.
SEALPOST_AVX2 void readWide(const char *text, std::size_t words, WordBits *into) {
    constexpr unsigned kCell = sizeof(__m256i);
    for (std::size_t i = 0; i < words; ++i) {
        WordBits bits;
        for (unsigned at = 0; at < kWord; at += kCell) {
            const auto bytes =
                _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text + i * kWord + at));
            const auto digit = within(bytes, '0', '9');
            const auto capital = within(bytes, 'A', 'Z');
            const auto letter = within(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'f');
            const auto common =
                _mm256_or_si256(digit, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-')));
            const auto joint = _mm256_or_si256(within(bytes, '-', '/'),
                                               _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' ')));
            bits.digits |= maskOf(digit) << at;
            bits.joints |= maskOf(joint) << at;
            bits.capitals |= maskOf(capital) << at;
            bits.atSigns |= maskOf(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('@'))) << at;
            bits.ofHex |= maskOf(_mm256_or_si256(common, letter)) << at;
            bits.ofCapitals |= maskOf(_mm256_or_si256(common, capital)) << at;
        }
        into[i] = bits;
    }
}

SEALPOST_AVX2 inline Bits base64In(__m256i bytes) {
    const auto letters = within(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z');
    const auto low =
        _mm256_or_si256(within(bytes, '/', '9'), _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('+')));
    const auto forUrls = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-')),
                                         _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_')));
    return static_cast<unsigned>(
        _mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(letters, low), forUrls)));
}

SEALPOST_AVX2 void readBase64Wide(const char *text, std::size_t words, Bits *into) {
    for (std::size_t i = 0; i < words; ++i) {
        const auto *at = reinterpret_cast<const __m256i *>(text + i * kWord);
        into[i] = base64In(_mm256_loadu_si256(at)) | base64In(_mm256_loadu_si256(at + 1))
                                                         << sizeof(__m256i);
    }
}

SEALPOST_AVX2 inline Bits printableIn(__m256i bytes) {
    const auto spaces = _mm256_or_si256(within(bytes, '\t', '\n'),
                                        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r')));
    return maskOf(_mm256_or_si256(within(bytes, ' ', '~'), spaces));
}

SEALPOST_AVX2 void readPrintableWide(const char *text, std::size_t words, Bits *into) {
    for (std::size_t i = 0; i < words; ++i) {
        const auto *at = reinterpret_cast<const __m256i *>(text + i * kWord);
        into[i] = printableIn(_mm256_loadu_si256(at)) | printableIn(_mm256_loadu_si256(at + 1))
                                                            << sizeof(__m256i);
    }
}

SEALPOST_AVX2 bool isAsciiWide(std::string_view text) {
    const auto whole = text.size() / kWord;
    __m256i seen = _mm256_setzero_si256();
    for (std::size_t i = 0; i < whole; ++i) {
        const auto *at = reinterpret_cast<const __m256i *>(text.data() + i * kWord);
        seen = _mm256_or_si256(seen,
                               _mm256_or_si256(_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)));
    }
    return _mm256_movemask_epi8(seen) == 0 && isAsciiPlainly(text.substr(whole * kWord));
}

bool isWide() {
    static const bool wide = __builtin_cpu_supports("avx2") != 0;
    return wide;
}

//! `in` says of 16 bytes which are of a kind.
template <class In> void readCells(const char *text, std::size_t words, Bits *into, In in) {
    constexpr unsigned kCell = sizeof(__m128i);
    for (std::size_t i = 0; i < words; ++i) {
        into[i] = 0;
        for (unsigned at = 0; at < kWord; at += kCell) {
            into[i] |= in(_mm_loadu_si128(reinterpret_cast<const __m128i *>(text + i * kWord + at)))
                       << at;
        }
    }
}

} // namespace

void readWordsPlainly(const char *text, std::size_t words, WordBits *into) {
    constexpr unsigned kCell = sizeof(__m128i);
    for (std::size_t i = 0; i < words; ++i) {
        WordBits bits;
        for (unsigned at = 0; at < kWord; at += kCell) {
            const auto bytes =
                _mm_loadu_si128(reinterpret_cast<const __m128i *>(text + i * kWord + at));
            const auto digit = within(bytes, '0', '9');
            const auto capital = within(bytes, 'A', 'Z');
            const auto letter = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'f');
            const auto common = _mm_or_si128(digit, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
            const auto joint =
                _mm_or_si128(within(bytes, '-', '/'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
            bits.digits |= maskOf(digit) << at;
            bits.joints |= maskOf(joint) << at;
            bits.capitals |= maskOf(capital) << at;
            bits.atSigns |= maskOf(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('@'))) << at;
            bits.ofHex |= maskOf(_mm_or_si128(common, letter)) << at;
            bits.ofCapitals |= maskOf(_mm_or_si128(common, capital)) << at;
        }
        into[i] = bits;
    }
}

bool isAsciiPlainly(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isAscii(std::string_view text) {
    return isWide() ? isAsciiWide(text) : isAsciiPlainly(text);
}

void readBase64WordsPlainly(const char *text, std::size_t words, Bits *into) {
    readCells(text, words, into, [](__m128i bytes) { return base64In(bytes); });
}

void readPrintableWordsPlainly(const char *text, std::size_t words, Bits *into) {
    readCells(text, words, into, [](__m128i bytes) { return printableIn(bytes); });
}

void readWords(const char *text, std::size_t words, WordBits *into) {
    isWide() ? readWide(text, words, into) : readWordsPlainly(text, words, into);
}

void readBase64Words(const char *text, std::size_t words, Bits *into) {
    isWide() ? readBase64Wide(text, words, into) : readBase64WordsPlainly(text, words, into);
}

void readPrintableWords(const char *text, std::size_t words, Bits *into) {
    isWide() ? readPrintableWide(text, words, into) : readPrintableWordsPlainly(text, words, into);
}

} // namespace sealpost::scan
