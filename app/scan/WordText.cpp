// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/WordText.h"

#include "scan/OutlookParts.h"
#include "scan/TextDecoder.h"

#include <algorithm>
#include <cstdint>

namespace sealpost::scan {

namespace {

//= MS-DOC 2.5.1 (Fib), 2.5.2 (FibBase), 2.5.6 (FibRgFcLcb97)
constexpr std::size_t kFlags = 0x0A;
constexpr std::size_t kPieces = 0x1A2; //!< where they stand in the table, and how many bytes
constexpr std::uint32_t kIdentity = 0xA5EC;
constexpr std::uint32_t kWord97 = 0xC1;
constexpr std::uint32_t kEncrypted = 0x100;
constexpr std::uint32_t kSecondTable = 0x200;

//! Zero past the end.
std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0 && at < bytes.size();) {
        value =
            value << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    return value;
}

//= MS-DOC 2.9.38 (Clx): properties, then the table of pieces; empty where there is none.
std::string_view tableOfPieces(std::string_view clx) {
    while (clx.size() >= 5) {
        if (clx.front() == 2) {
            return clx.substr(5, number(clx, 1, 4));
        }
        if (clx.front() != 1) {
            return {};
        }
        const std::size_t size = 3 + number(clx, 1, 2);
        clx.remove_prefix(std::min(size, clx.size()));
    }
    return {};
}

//! Marks of paragraphs, cells, fields and places in plain characters (MS-DOC 2.4.1).
void appendShown(std::string_view piece, std::string &into) {
    for (const char c : piece) {
        switch (c) {
        case '\r':
        case '\x0B':
        case '\x0C':
            into += '\n';
            break;
        case '\x07':
            into += '\t';
            break;
        case '\x13':
        case '\x14':
        case '\x15':
            into += ' ';
            break;
        case '\x1E':
            into += '-';
            break;
        default:
            if (static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\n') {
                into += c;
            }
        }
    }
}

std::string fromWindows(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        appendUtf8(fromWindows1252(static_cast<unsigned char>(c)), text);
    }
    return text;
}

} // namespace

std::optional<int> wordTable(std::string_view document) {
    if (document.size() < kPieces + 8 || number(document, 0, 2) != kIdentity ||
        number(document, 2, 2) < kWord97) {
        return std::nullopt;
    }
    return (number(document, kFlags, 2) & kSecondTable) != 0 ? 1 : 0;
}

//= MS-DOC 2.4.1 (retrieving text), 2.8.35 (PlcPcd), 2.9.73 (FcCompressed)
WordText wordText(std::string_view document, std::string_view table) {
    constexpr std::size_t kPosition = 4;
    constexpr std::size_t kDescriptor = 8;
    WordText word;
    if ((number(document, kFlags, 2) & kEncrypted) != 0) {
        word.encrypted = true;
        return word;
    }
    const std::size_t from = std::min<std::size_t>(number(document, kPieces, 4), table.size());
    const auto pieces = tableOfPieces(table.substr(from, number(document, kPieces + 4, 4)));
    const auto count =
        pieces.size() < kPosition ? 0 : (pieces.size() - kPosition) / (kPosition + kDescriptor);
    std::size_t spent = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = number(pieces, i * kPosition, 4);
        const auto end = number(pieces, (i + 1) * kPosition, 4);
        const auto place = number(pieces, (count + 1) * kPosition + i * kDescriptor + 2, 4);
        const bool narrow = (place & 0x40000000U) != 0;
        const std::size_t at = narrow ? (place & 0x3FFFFFFFU) / 2 : place;
        const std::size_t size = (std::size_t{end} - start) * (narrow ? 1 : 2);
        spent += size;
        if (end < start || at > document.size() || size > document.size() - at ||
            spent > 2 * document.size()) {
            return word;
        }
        const auto piece = document.substr(at, size);
        appendShown(narrow ? fromWindows(piece) : fromUtf16(piece), word.text);
    }
    word.whole = count > 0;
    return word;
}

} // namespace sealpost::scan
