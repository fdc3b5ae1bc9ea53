// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Base64Blocks.h"

#include "scan/FileKind.h"

#include <QByteArray>
#include <algorithm>
#include <array>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kShortest = 32; //!< characters; shorter ones are words and numbers
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

//! Undone, or empty where the characters are no base64: a path, a name in code.
std::string decoded(std::string_view block) {
    QByteArray characters(block.data(), static_cast<qsizetype>(block.size()));
    characters.replace('-', '+').replace('_', '/');
    const auto bytes = QByteArray::fromBase64(characters);
    return bytes.toStdString();
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
    // A long run covers a position divisible by its least length: only those are looked at.
    while (m_at + kShortest / 2 < m_text.size()) {
        const auto probe = m_at + kShortest - 1;
        if (probe >= m_text.size()) {
            break;
        }
        if (!isBase64(m_text[probe])) {
            m_at = probe + 1;
            continue;
        }
        auto from = probe;
        while (from > m_at && isBase64(m_text[from - 1])) {
            --from;
        }
        auto to = probe + 1;
        const auto most = std::min(m_text.size(), from + kLongest);
        while (to < most && isBase64(m_text[to])) {
            ++to;
        }
        if (to - from < kShortest) {
            m_at = to;
            continue;
        }
        const auto end = endOfLines(from, to);
        m_at = end;
        const auto before = m_text.substr(0, from).substr(from - std::min<std::size_t>(from, 64));
        if (before.find("-----\n"sv) != std::string_view::npos ||
            before.find("-----\r\n"sv) != std::string_view::npos) {
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
