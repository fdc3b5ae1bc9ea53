// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/TextRegions.h"

#include "scan/WordBits.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sealpost::scan {

namespace {

constexpr std::size_t kAtOnce = 64;    //!< words
constexpr std::size_t kBeforeCode = 8; //!< where its digits are
constexpr std::size_t kAround = 24;    //!< more than the letters and spaces around a number
constexpr std::size_t kBehind = 8;     //!< less stands behind one
constexpr std::size_t kAroundAt = 8;   //!< as much of an address as says that it is one
constexpr std::size_t kAroundRun = 64; //!< more than a word in front of a key
constexpr unsigned kNumber = 6;
constexpr unsigned kLongNumber = 10;
constexpr unsigned kRun = 24;
constexpr int kCodeDigits = 3;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

class Finder {
public:
    explicit Finder(std::string_view text) : m_text(text) {}

    TextRegions find() {
        std::array<WordBits, kAtOnce> words;
        const auto whole = m_text.size() / kWord;
        for (std::size_t first = 0; first < whole; first += kAtOnce) {
            const auto count = std::min(kAtOnce, whole - first);
            readWords(m_text.data() + first * kWord, count, words.data());
            for (std::size_t i = 0; i < count; ++i) {
                feed((first + i) * kWord, words.at(i));
            }
        }
        feedRest(whole * kWord);
        return std::move(m_regions);
    }

private:
    void feedRest(std::size_t at) {
        std::array<char, kWord> last{};
        std::copy(m_text.begin() + static_cast<std::ptrdiff_t>(at), m_text.end(), last.begin());
        WordBits bits;
        readWords(last.data(), 1, &bits);
        feed(at, bits);
        feed(at + kWord, {}); // what is open ends
    }

    void feed(std::size_t at, const WordBits &bits) {
        addCodes(at, bits);
        addNumbers(at, bits);
        addAddresses(at, bits);
        addRuns(AnchorPlace::Hex, m_hex, at, bits.ofHex, bits.digits);
        addRuns(AnchorPlace::Capitals, m_capitals, at, bits.ofCapitals, bits.digits);
        m_before = bits;
    }

    //! Runs without a digit are none: most words are passed over.
    void addRuns(AnchorPlace place, LongRuns<kRun> &runs, std::size_t at, Bits bits, Bits digits) {
        if (digits == 0 && !runs.isOpen()) {
            runs.begin(bits);
            return;
        }
        runs.feed(at, bits, [&](auto from, auto to) { addRun(place, from, to); });
    }

    //! Of the word before: whether its last byte joins two digits shows in this one.
    void addNumbers(std::size_t at, const WordBits &next) {
        const auto digits = m_before.digits;
        if (digits == 0 && !m_numbers.isOpen()) {
            m_lastDigit = 0;
            return;
        }
        const auto behind = digits << 1U | std::exchange(m_lastDigit, digits >> (kWord - 1));
        const auto ahead = digits >> 1U | next.digits << (kWord - 1);
        m_numbers.feed(at - kWord, digits | (m_before.joints & behind & ahead),
                       [&](auto from, auto to) { addNumber(from, to); });
    }
    void addNumber(std::size_t from, std::size_t to) {
        const auto number = m_text.substr(from, to - from);
        const auto digits = std::count_if(number.begin(), number.end(), isDigit);
        if (digits >= kNumber) {
            add(AnchorPlace::Numbers, from, to, kAround, kBehind);
        }
        if (digits >= kLongNumber) {
            add(AnchorPlace::LongNumbers, from, to, kAround, kBehind);
        }
    }

    void addCodes(std::size_t at, const WordBits &bits) {
        const auto behindDigit = bits.digits << 1U | m_before.digits >> (kWord - 1);
        for (auto ends = bits.capitals & behindDigit; ends != 0; ends &= ends - 1) {
            const auto capital = at + static_cast<std::size_t>(std::countr_zero(ends));
            const auto from = capital - std::min(capital, kBeforeCode);
            const auto before = m_text.substr(from, capital - from);
            if (std::count_if(before.begin(), before.end(), isDigit) >= kCodeDigits) {
                add(AnchorPlace::Codes, from, capital + 1, kAround, kBehind);
            }
        }
    }

    void addAddresses(std::size_t at, const WordBits &bits) {
        for (auto signs = bits.atSigns; signs != 0; signs &= signs - 1) {
            const auto sign = at + static_cast<std::size_t>(std::countr_zero(signs));
            add(AnchorPlace::Addresses, sign, sign + 1, kAroundAt, kAroundAt);
        }
    }

    void addRun(AnchorPlace place, std::size_t from, std::size_t to) {
        const auto run = m_text.substr(from, to - from);
        if (std::any_of(run.begin(), run.end(), isDigit)) {
            add(place, from, to, kAroundRun, kAroundRun);
        }
    }

    void add(AnchorPlace place, std::size_t from, std::size_t to, std::size_t before,
             std::size_t behind) {
        from -= std::min(from, before);
        to = std::min(to + behind, m_text.size());
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
    WordBits m_before;
    Bits m_lastDigit = 0; //!< whether the word before m_before ends with one
    LongRuns<kNumber> m_numbers;
    LongRuns<kRun> m_hex;
    LongRuns<kRun> m_capitals;
};

} // namespace

TextRegions textRegions(std::string_view text) {
    return Finder(text).find();
}

} // namespace sealpost::scan
