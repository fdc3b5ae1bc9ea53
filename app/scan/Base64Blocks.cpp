// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Base64Blocks.h"

#include "scan/FileKind.h"

#include <QByteArray>
#include <algorithm>
#include <array>
#include <emmintrin.h>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kShortest = 32; //!< characters; shorter ones are words and numbers
constexpr std::size_t kLongest = std::size_t{96} * 1024 * 1024;
constexpr std::size_t kSample = 512;
constexpr std::size_t kCell = 16; //!< any run of kShortest covers one whole

constexpr std::array<bool, 256> kAlphabet = [] {
    std::array<bool, 256> table{};
    for (const char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"sv) {
        table.at(static_cast<unsigned char>(c)) = true;
    }
    return table;
}();

bool isBase64(char c) {
    return kAlphabet[static_cast<unsigned char>(c)]; // NOLINT: 256 values, 256 places
}

//! All ones where a byte is one of [first, last].
__m128i within(__m128i bytes, char first, char last) {
    // Shifted so that the range has the least signed values.
    const auto shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - first)));
    return _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(-128 + (last - first) + 1)));
}

//! Whether 16 bytes are all of the alphabet.
bool isWholeCell(const char *cell) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(cell));
    // Most have one below '+': a space, the end of a line, a quote, a bracket.
    if (_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8('+'))) != 0) {
        return false;
    }
    const auto letters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const auto others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')),
                                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    const auto low =
        _mm_or_si128(within(bytes, '/', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('+')));
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, others), low)) == 0xFFFF;
}

bool isNoise(std::string_view bytes) {
    const auto kind = fileKindOf(bytes, {});
    if (kind == FileKind::Archive || kind == FileKind::Mail || kind == FileKind::Pdf ||
        kind == FileKind::Pkcs12 || kind == FileKind::JavaKeyStore || kind == FileKind::KeePass ||
        kind == FileKind::DerPrivateKey) {
        return false;
    }
    const auto sample = bytes.substr(0, kSample);
    const auto readable = std::count_if(sample.begin(), sample.end(), [](char c) {
        return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
    });
    const auto zeros = std::count(sample.begin(), sample.end(), '\0');
    // UTF-16, as PowerShell takes its commands, is half zeros.
    return static_cast<std::size_t>(readable + zeros) * 10 < sample.size() * 9 || readable == 0;
}

//! Bytes in base64 have small and capital letters and digits, and one of its two alphabets; names,
//! paths, rulers and hexadecimal numbers don't. Its first line tells.
bool looksEncoded(std::string_view line) {
    line = line.substr(0, kSample);
    int small = 0;
    int capital = 0;
    int digits = 0;
    int others = 0;
    for (const char c : line) {
        small += c >= 'a' && c <= 'z' ? 1 : 0;
        capital += c >= 'A' && c <= 'Z' ? 1 : 0;
        digits += c >= '0' && c <= '9' ? 1 : 0;
        others += c == '/' || c == '-' || c == '_' ? 1 : 0;
    }
    const bool mixed = line.find_first_of("+/") != std::string_view::npos &&
                       line.find_first_of("-_") != std::string_view::npos;
    return small > 0 && capital > 2 && digits > 0 && !mixed &&
           static_cast<std::size_t>(others) * 8 < line.size();
}

//! Undone, or empty where the characters are no base64: a path, a name in code.
std::string decoded(std::string_view block) {
    const auto characters =
        QByteArray::fromRawData(block.data(), static_cast<qsizetype>(block.size()));
    const bool forUrls = block.find_first_of("-_") != std::string_view::npos;
    return QByteArray::fromBase64(characters, forUrls ? QByteArray::Base64UrlEncoding
                                                      : QByteArray::Base64Encoding)
        .toStdString();
}

} // namespace

//! Past all following lines of the block that ends at `to`.
std::size_t Base64Blocks::endOfLines(std::size_t from, std::size_t to) const {
    const auto width = to - from;
    while (to - from < kLongest) {
        auto at = to;
        while (at < m_text.size() && (m_text[at] == '\r' || m_text[at] == ' ')) {
            ++at;
        }
        if (at >= m_text.size() || m_text[at] != '\n') {
            break;
        }
        ++at;
        while (at < m_text.size() && (m_text[at] == ' ' || m_text[at] == '\t')) {
            ++at;
        }
        const auto start = at;
        while (at < m_text.size() && isBase64(m_text[at])) {
            ++at;
        }
        const auto length = at - start;
        const bool ends = at == m_text.size() || "\r\n=\"'"sv.find(m_text[at]) != std::string::npos;
        if (length == 0 || length > width || !ends) {
            break;
        }
        to = at;
        if (length < width) {
            break; // the last line is the short one
        }
    }
    return to;
}

bool Base64Blocks::next(Base64Block &block) {
    // A long run covers a whole cell: in most texts a look at each cell is all.
    for (std::size_t cell = m_at; cell + kCell <= m_text.size(); cell += kCell) {
        if (!isWholeCell(m_text.data() + cell)) {
            continue;
        }
        auto from = cell;
        while (from > m_at && isBase64(m_text[from - 1])) {
            --from;
        }
        auto to = cell;
        const auto most = std::min(m_text.size(), from + kLongest);
        while (to < most && isBase64(m_text[to])) {
            ++to;
        }
        if (to - from < kShortest) {
            continue;
        }
        const auto end = endOfLines(from, to);
        m_at = end;
        cell = end - kCell; // the loop goes on at the end
        const auto before = m_text.substr(0, from).substr(from - std::min<std::size_t>(from, 64));
        if (before.find("-----\n"sv) != std::string_view::npos ||
            before.find("-----\r\n"sv) != std::string_view::npos) {
            continue;
        }
        const auto line = m_text.substr(from, to - from);
        if (!looksEncoded(line) || isNoise(decoded(line.substr(0, kSample)))) {
            continue;
        }
        auto bytes = decoded(m_text.substr(from, end - from));
        if (!isNoise(bytes)) {
            block = {from, std::move(bytes)};
            return true;
        }
    }
    return false;
}

} // namespace sealpost::scan
