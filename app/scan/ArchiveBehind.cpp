// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/ArchiveBehind.h"

#include "scan/LittleEndian.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <libdeflate.h>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

//! The first from `from` on; npos where there is none.
std::size_t endRecord(std::string_view bytes, std::size_t from) {
    // By the byte that no text has: letters are in any.
    for (auto at = bytes.find('\5', from + 2); at != std::string_view::npos;
         at = bytes.find('\5', at + 1)) {
        if (bytes.substr(at - 2).starts_with("PK\5\6"sv)) {
            return at - 2;
        }
    }
    return std::string_view::npos;
}

//= APPNOTE 4.3.16 (end of central directory record)
std::string_view zipBehind(std::string_view bytes) {
    constexpr std::size_t kRecord = 22;
    constexpr std::size_t kLongestComment = 0xFFFF;
    const auto tail = bytes.size() - std::min(bytes.size(), kRecord + kLongestComment);
    for (auto at = endRecord(bytes, tail);
         at != std::string_view::npos && bytes.size() - at >= kRecord;
         at = endRecord(bytes, at + kRecord)) {
        const auto size = littleAt(bytes, at + 12, 4);
        const auto offset = littleAt(bytes, at + 16, 4);
        if (size + offset <= at && bytes.substr(at - size).starts_with("PK\1\2"sv)) {
            return bytes.substr(at - size - offset);
        }
    }
    return {};
}

bool hasChecksum(std::string_view bytes, std::size_t checksum) {
    return !bytes.empty() && libdeflate_crc32(0, bytes.data(), bytes.size()) == checksum;
}

//! Programs that unpack such files have their marks in them: the header behind it counts too.
//= 7-Zip's 7zFormat.txt (signature header)
bool beginsSevenZip(std::string_view bytes) {
    constexpr std::size_t kHeader = 32;
    return bytes.starts_with("7z\xBC\xAF\x27\x1C"sv) && bytes.size() > kHeader &&
           hasChecksum(bytes.substr(12, kHeader - 12), littleAt(bytes, 8, 4));
}

//= RARLAB, technical note (RAR 4: the main header); RAR 5.0 archive format (general header)
bool beginsRar(std::string_view bytes) {
    if (bytes.starts_with("Rar!\x1A\x07\0"sv)) {
        return bytes.substr(9, 1) == "\x73"sv && littleAt(bytes, 12, 2) >= 13;
    }
    constexpr std::size_t kSizeAt = 12;
    if (!bytes.starts_with("Rar!\x1A\x07\1\0"sv) || bytes.size() <= kSizeAt) {
        return false;
    }
    const auto size = static_cast<unsigned char>(bytes[kSizeAt]); // one byte, for a main header
    return size < 0x80 && bytes.size() > kSizeAt + size &&
           hasChecksum(bytes.substr(kSizeAt, 1U + size), littleAt(bytes, 8, 4));
}

//! By a byte of the mark that few texts have.
std::string_view byMark(std::string_view bytes, char rare, std::size_t place,
                        bool (*begins)(std::string_view)) {
    for (auto at = bytes.find(rare, 1 + place); at != std::string_view::npos;
         at = bytes.find(rare, at + 1)) {
        if (begins(bytes.substr(at - place))) {
            return bytes.substr(at - place);
        }
    }
    return {};
}

//! What a script of the shell unpacks stands in lines of its own behind it.
std::string_view behindScript(std::string_view bytes) {
    constexpr std::array kMarks = {"\n\x1F\x8B\x08"sv, "\n\xFD\x37zXZ\0"sv, "\n\x28\xB5\x2F\xFD"sv,
                                   "\nBZh91AY&SY"sv};
    if (!bytes.starts_with("#!"sv)) {
        return {};
    }
    auto first = std::string_view::npos;
    for (const auto mark : kMarks) {
        first = std::min(first, bytes.find(mark));
    }
    return first == std::string_view::npos ? std::string_view() : bytes.substr(first + 1);
}

} // namespace

std::string_view archiveBehind(std::string_view bytes) {
    if (const auto packed = behindScript(bytes); !packed.empty()) {
        return packed;
    }
    if (bytes.find('\0') == std::string_view::npos) {
        return {}; // each of the marks below has zeros in it or next to it
    }
    if (const auto zip = zipBehind(bytes); !zip.empty()) {
        return zip;
    }
    const auto sevenZip = byMark(bytes, '\xBC', 2, beginsSevenZip);
    return sevenZip.empty() ? byMark(bytes, '\x1A', 4, beginsRar) : sevenZip;
}

bool endsWithZip(std::string_view bytes) {
    constexpr std::size_t kRecord = 22;
    const auto at = bytes.rfind("PK\5\6"sv);
    if (at == std::string_view::npos || bytes.size() - at < kRecord) {
        return false;
    }
    const auto comment = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 20])) |
                         static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 21])) << 8U;
    return at + kRecord + comment == bytes.size();
}

} // namespace sealpost::scan
