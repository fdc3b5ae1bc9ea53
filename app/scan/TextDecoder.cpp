// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/TextDecoder.h"

#include "scan/WordBits.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QStringDecoder>
#include <algorithm>
#include <array>
#include <optional>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSample = std::size_t{8} * 1024;
constexpr std::size_t kLarge = std::size_t{1024} * 1024;

//! Where zeros are in a sample, by the rest of their place after division by four.
using Zeros = std::array<std::size_t, 4>;

Zeros zerosIn(std::string_view sample) {
    Zeros zeros{};
    for (std::size_t i = 0; i < sample.size(); ++i) {
        zeros.at(i % 4) += sample[i] == '\0' ? 1 : 0;
    }
    return zeros;
}

//! Without a mark, text in other scripts has zeros at its spaces, line ends and figures alone, and
//! few different bytes beside them. `at`: which of two bytes is the upper one.
bool isWideAt(std::string_view sample, std::size_t at, std::size_t zeros) {
    constexpr std::size_t kFewest = 16;
    constexpr std::ptrdiff_t kMostBlocks = 8; // of 256 characters
    if (zeros < kFewest || zeros < sample.size() / 64) {
        return false;
    }
    std::array<bool, 256> seen{};
    for (std::size_t i = at; i < sample.size(); i += 2) {
        seen.at(static_cast<unsigned char>(sample[i])) = true;
    }
    return std::count(seen.begin(), seen.end(), true) <= kMostBlocks;
}

std::optional<QStringConverter::Encoding> wideEncodingOf(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE\0\0"sv)) {
        return QStringConverter::Utf32LE;
    }
    if (bytes.starts_with("\0\0\xFE\xFF"sv)) {
        return QStringConverter::Utf32BE;
    }
    if (bytes.starts_with("\xFF\xFE"sv)) {
        return QStringConverter::Utf16LE;
    }
    if (bytes.starts_with("\xFE\xFF"sv)) {
        return QStringConverter::Utf16BE;
    }
    // Western text without a mark: every other byte is zero, or three of four.
    const auto sample = bytes.substr(0, kSample);
    if (sample.size() < 8 || sample.find('\0') == std::string_view::npos) {
        return std::nullopt;
    }
    const auto zeros = zerosIn(sample);
    const auto least = sample.size() / 5; // nine in ten of a quarter's bytes
    if (zeros[0] == 0 && zeros[2] > least && zeros[3] > least) {
        return QStringConverter::Utf32LE;
    }
    if (zeros[3] == 0 && zeros[0] > least && zeros[1] > least) {
        return QStringConverter::Utf32BE;
    }
    const auto even = zeros[0] + zeros[2];
    const auto odd = zeros[1] + zeros[3];
    if (even == 0 && (odd > 2 * least || isWideAt(sample, 1, odd))) {
        return QStringConverter::Utf16LE;
    }
    if (odd == 0 && (even > 2 * least || isWideAt(sample, 0, even))) {
        return QStringConverter::Utf16BE;
    }
    return std::nullopt;
}

//! What Windows-1252 has where ISO 8859-1 has control characters, from 0x80.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool isPlain(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

//! `others`: how many of them are not ASCII. The memory is taken at once: growing, it would be
//! there twice.
std::string textFromWindows1252(std::string_view bytes, std::size_t others) {
    std::string text;
    text.reserve(bytes.size() + 2 * others);
    for (auto at = bytes.begin(); at != bytes.end();) {
        const auto *const end = std::find_if_not(at, bytes.end(), isPlain);
        text.append(at, end);
        for (at = end; at != bytes.end() && !isPlain(*at); ++at) {
            appendUtf8(fromWindows1252(static_cast<unsigned char>(*at)), text);
        }
    }
    return text;
}

//! Block by block, so that it isn't in memory three times.
std::string fromWide(std::string_view bytes, QStringConverter::Encoding encoding) {
    QStringDecoder decoder(encoding);
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += kLarge) {
        const auto block = bytes.substr(at, kLarge);
        const QString wide =
            decoder(QByteArray::fromRawData(block.data(), static_cast<qsizetype>(block.size())));
        const auto utf8 = wide.toUtf8();
        if (at == 0) { // what follows will be much like it
            text.reserve(bytes.size() / block.size() * static_cast<std::size_t>(utf8.size()) +
                         bytes.size() / 8);
        }
        text.append(utf8.constData(), static_cast<std::size_t>(utf8.size()));
    }
    return text;
}

} // namespace

void appendUtf8(unsigned code, std::string &into) {
    if (code < 0x80) {
        into += static_cast<char>(code);
    } else if (code < 0x800) {
        into += static_cast<char>(0xC0U | code >> 6U);
        into += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        if (code >= 0xD800 && code < 0xE000) {
            return;
        }
        into += static_cast<char>(0xE0U | code >> 12U);
        into += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        into += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x110000) {
        into += static_cast<char>(0xF0U | code >> 18U);
        into += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
        into += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        into += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

namespace {

//! The plain character in whose place another stands here; `length` is how many bytes that has.
char plainFor(std::string_view text, std::size_t at, std::size_t &length) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    if (byte(0) == 0xC2 && byte(1) == 0xA0) {
        length = 2;
        return ' ';
    }
    if (byte(0) != 0xE2 || byte(1) != 0x80) {
        return '\0';
    }
    length = 3;
    const bool isSpace = (byte(2) >= 0x82 && byte(2) <= 0x8A) || byte(2) == 0xAF;
    const bool isHyphen = byte(2) == 0x90 || byte(2) == 0x91;
    return isSpace ? ' ' : (isHyphen ? '-' : '\0');
}

} // namespace

std::string plainlySpaced(std::string_view text) {
    constexpr std::array kStarts = {"\xC2\xA0"sv, "\xE2\x80"sv};
    std::string plain;
    std::size_t taken = 0;
    std::array<std::size_t, 2> next = {text.find(kStarts[0]), text.find(kStarts[1])};
    while (next[0] != std::string_view::npos || next[1] != std::string_view::npos) {
        const std::size_t which = next[0] < next[1] ? 0 : 1;
        const auto at = next.at(which);
        std::size_t length = 0;
        if (const char c = plainFor(text, at, length); c != '\0') {
            plain.reserve(text.size());
            plain.append(text.substr(taken, at - taken)) += c;
            taken = at + length;
        }
        next.at(which) = text.find(kStarts.at(which), at + 1);
    }
    return taken == 0 ? std::string() : plain.append(text.substr(taken));
}

unsigned fromWindows1252(unsigned byte) {
    return byte >= 0x80 && byte < 0xA0 ? kWindows1252.at(byte - 0x80U) : byte & 0xFFU;
}

DecodedText::DecodedText(std::string_view bytes) : m_view(bytes) {
    if (const auto encoding = wideEncodingOf(bytes)) {
        m_doubtful = bytes.substr(0, kSample).find('\0') == std::string_view::npos;
        m_converted = fromWide(bytes, *encoding);
        m_view = m_converted;
        spacePlainly();
        return;
    }
    if (bytes.starts_with("\xEF\xBB\xBF"sv)) {
        m_view.remove_prefix(3);
    }
    const auto sample = bytes.substr(0, kSample);
    m_hasLines = sample.find('\0') == std::string_view::npos;
    if (!m_hasLines || isAscii(m_view)) {
        return;
    }
    if (!QByteArrayView(m_view.data(), static_cast<qsizetype>(m_view.size())).isValidUtf8()) {
        const auto others =
            m_view.size() -
            static_cast<std::size_t>(std::count_if(m_view.begin(), m_view.end(), isPlain));
        if (m_view.size() > kLarge && others >= m_view.size() / 2) {
            return;
        }
        m_converted = textFromWindows1252(m_view, others);
        m_view = m_converted;
    }
    spacePlainly();
}

void DecodedText::spacePlainly() {
    if (auto plain = plainlySpaced(m_view); !plain.empty()) {
        m_converted = std::move(plain);
        m_view = m_converted;
    }
}

namespace {

//! How many bytes a letter of U+0080 to U+FFFF takes that stands here in UTF-8; 0 where none does.
std::size_t letterAt(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U;
    };
    const auto isMore = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    if (byte(0) >= 0xC2 && byte(0) <= 0xDF && isMore(1)) {
        return 2;
    }
    const bool three = byte(0) >= 0xE1 && byte(0) <= 0xEC && isMore(1) && isMore(2);
    return three ? 3 : 0;
}

bool isPrintable(char c) {
    return (c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r';
}

//! Past the letters that are no ASCII, and what is printable behind each, that follow a run.
std::size_t endOfText(std::string_view bytes, std::size_t to) {
    for (auto length = letterAt(bytes, to); length > 0; length = letterAt(bytes, to)) {
        to += length;
        while (to < bytes.size() && isPrintable(bytes[to])) {
            ++to;
        }
    }
    return to;
}

} // namespace

std::string textInProgram(std::string_view bytes) {
    constexpr std::size_t kAtOnce = 64; // words
    std::string text;
    text.reserve(bytes.size() / 4);
    LongRuns<6> runs;
    std::size_t taken = 0;
    const auto add = [&](std::size_t from, std::size_t to) {
        if (to <= taken) {
            return; // it belongs to the run before
        }
        taken = endOfText(bytes, to);
        text += bytes.substr(from, taken - from);
        text += '\0';
    };
    std::array<Bits, kAtOnce> words{};
    const auto whole = bytes.size() / kWord;
    for (std::size_t first = 0; first < whole; first += kAtOnce) {
        const auto count = std::min(kAtOnce, whole - first);
        readPrintableWords(bytes.data() + first * kWord, count, words.data());
        for (std::size_t i = 0; i < count; ++i) {
            runs.feed((first + i) * kWord, words.at(i), add);
        }
    }
    std::array<char, kWord> last{};
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(whole * kWord), bytes.end(),
              last.begin());
    readPrintableWords(last.data(), 1, words.data());
    runs.feed(whole * kWord, words.front(), add);
    runs.finish(whole * kWord + kWord, add);
    return text;
}

std::string wideText(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const char c = bytes[i];
        const bool plain = bytes[i + 1] == '\0' && ((c >= ' ' && c <= '~') || c == '\t');
        if (plain) {
            text += c;
        } else if (!text.empty() && text.back() != '\n') {
            text += '\n';
        }
    }
    return text;
}

} // namespace sealpost::scan
