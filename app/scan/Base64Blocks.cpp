// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Base64Blocks.h"

#include "scan/FileKind.h"
#include "scan/WordBits.h"

#include <QByteArray>
#include <algorithm>
#include <array>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongest = std::size_t{96} * 1024 * 1024;
constexpr std::size_t kSample = 512;
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

//! What Excel keeps of Power Query: eight bytes, then a zip (MS-QDEFF 2.2).
bool isPowerQuery(std::string_view bytes) {
    return bytes.starts_with("\0\0\0\0"sv) && bytes.size() > 12 &&
           bytes.substr(8).starts_with("PK\3\4"sv);
}

bool isKnownKind(std::string_view bytes) {
    if (isPowerQuery(bytes)) {
        return true;
    }
    const auto kind = fileKindOf(bytes, {});
    return kind == FileKind::Image || kind == FileKind::OldOffice || kind == FileKind::RichText ||
           kind == FileKind::Archive || kind == FileKind::Mail || kind == FileKind::Pdf ||
           kind == FileKind::Pkcs12 || kind == FileKind::JavaKeyStore ||
           kind == FileKind::KeePass || kind == FileKind::DerPrivateKey ||
           kind == FileKind::PgpPrivateKey;
}

//! UTF-16, as PowerShell takes its commands, is half zeros.
bool isReadable(std::string_view sample, std::size_t leastTenths) {
    const auto readable = std::count_if(sample.begin(), sample.end(), [](char c) {
        return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
    });
    const auto zeros = std::count(sample.begin(), sample.end(), '\0');
    return static_cast<std::size_t>(readable + zeros) * 10 >= sample.size() * leastTenths &&
           readable > 0;
}

bool isNoise(std::string_view bytes) {
    return !isReadable(bytes.substr(0, kSample), 9) && !isKnownKind(bytes);
}

//! How many characters of each class, side by side in one number: counters in memory would wait for
//! each other where one class follows itself, as in a ruler.
using Counts = std::uint64_t;
constexpr unsigned kCount = 10; //!< bits of one: more than kSample needs
enum Class : std::uint8_t {
    Small = 0,
    Capital = kCount,
    Digit = 2 * kCount,
    Plus = 3 * kCount,
    Slash = 4 * kCount,
    ForUrls = 5 * kCount
};
static_assert(kSample < 1U << kCount);
constexpr std::array<Class, 256> kClasses = [] {
    std::array<Class, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        const auto is = [&](char first, char last) {
            return c >= static_cast<unsigned char>(first) && c <= static_cast<unsigned char>(last);
        };
        table.at(c) = is('A', 'Z')   ? Capital
                      : is('0', '9') ? Digit
                      : is('+', '+') ? Plus
                      : is('/', '/') ? Slash
                      : is('-', '-') ? ForUrls
                      : is('_', '_') ? ForUrls
                                     : Small;
    }
    return table;
}();

//! Bytes in base64 have small and capital letters and digits, and one of its two alphabets; names,
//! paths, rulers and hexadecimal numbers don't. Its first line tells.
bool looksEncoded(std::string_view line) {
    if (line.starts_with("_Z")) {
        return false; // a name that a C++ compiler made; no text and no file begins with these bits
    }
    line = line.substr(0, kSample);
    Counts counts = 0;
    for (const char c : line) {
        counts +=
            Counts{1} << kClasses[static_cast<unsigned char>(c)]; // NOLINT: 256 values, places
    }
    const auto number = [&](Class of) {
        return static_cast<std::size_t>(counts >> of & ((Counts{1} << kCount) - 1));
    };
    if (number(Small) == 0 || number(Capital) <= 2 || number(Digit) == 0) {
        return false; // a hash, a ruler, a path
    }
    const bool mixed = number(Plus) + number(Slash) > 0 && number(ForUrls) > 0;
    return !mixed && 8 * (number(Slash) + number(ForUrls)) < line.size();
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

//! Most of what looks encoded is names in programs: a few bytes tell.
bool beginsAsNoise(std::string_view line) {
    constexpr std::size_t kFew = 24;
    constexpr char kDerSequence = 0x30;
    const auto start = decoded(line.substr(0, kFew));
    const bool mayBeKey = start.starts_with(kDerSequence); // more of it tells
    return !mayBeKey && !isReadable(start, 4) && !isKnownKind(start);
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

//! The next run of the alphabet's characters; false where there is none.
bool Base64Blocks::nextRun(Run &run) {
    while (m_taken == m_runs.size()) {
        if (m_read > m_text.size()) {
            return false;
        }
        m_runs.clear();
        m_taken = 0;
        readRuns();
    }
    run = m_runs[m_taken++];
    return true;
}

void Base64Blocks::readRuns() {
    constexpr std::size_t kAtOnce = 64; // words
    std::array<Bits, kAtOnce> words{};
    const auto whole = std::min(kAtOnce, (m_text.size() - m_read) / kWord);
    auto count = whole;
    if (whole > 0) {
        readBase64Words(m_text.data() + m_read, whole, words.data());
    } else {
        std::array<char, kWord> last{};
        std::copy(m_text.begin() + static_cast<std::ptrdiff_t>(m_read), m_text.end(), last.begin());
        readBase64Words(last.data(), 1, words.data());
        count = 2; // the second ends what is open
    }
    for (std::size_t i = 0; i < count; ++i, m_read += kWord) {
        m_search.feed(m_read, words.at(i), [&](std::size_t from, std::size_t to) {
            m_runs.push_back({from, to});
        });
    }
}

bool Base64Blocks::next(Base64Block &block) {
    Run run;
    while (nextRun(run)) {
        const auto from = std::max(run.from, m_at);
        const auto to = std::min(run.to, from + kLongest);
        if (run.to < from + kShortest) {
            continue;
        }
        const auto line = m_text.substr(from, to - from);
        if (!looksEncoded(line)) {
            m_at = to;
            m_taken -= to < run.to ? 1 : 0;
            continue;
        }
        const auto end = endOfLines(from, to);
        m_at = end;
        if (end < run.to) {
            --m_taken; // its rest comes next
        }
        const auto before = m_text.substr(0, from).substr(from - std::min<std::size_t>(from, 64));
        if (before.find("-----\n"sv) != std::string_view::npos ||
            before.find("-----\r\n"sv) != std::string_view::npos) {
            continue;
        }
        if (beginsAsNoise(line) || isNoise(decoded(line.substr(0, kSample)))) {
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
