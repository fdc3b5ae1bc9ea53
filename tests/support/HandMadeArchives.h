// SPDX-License-Identifier: GPL-3.0-or-later
// Archives byte by byte: those that no free program writes, and those that lie.
#pragma once

#include <QByteArray>

#include <cstdint>
#include <string>
#include <string_view>

namespace sealpost::test {

inline std::uint32_t crc32Of(std::string_view bytes) {
    std::uint32_t crc = ~0U;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

//! The number's lowest bytes, the least first; zeros beyond its eight.
inline std::string little(std::uint64_t number, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) {
        bytes += static_cast<char>(number & 0xFFU);
        number >>= 8U;
    }
    return bytes;
}

//! RAR 4 with one stored file (RARLAB, technical note on the archive format).
inline std::string rar4(const std::string &name, const std::string &content) {
    const auto block = [](std::string body) { return little(crc32Of(body) & 0xFFFFU, 2) + body; };
    const auto fileSize = static_cast<int>(32 + name.size());
    return std::string("Rar!\x1A\x07\0", 7) +
           block("\x73" + little(0, 2) + little(13, 2) + little(0, 6)) +
           block("\x74" + little(0x8000, 2) + little(static_cast<std::uint64_t>(fileSize), 2) +
                 little(content.size(), 4) + little(content.size(), 4) + "\x03" +
                 little(crc32Of(content), 4) + little(0, 4) + "\x14\x30" + little(name.size(), 2) +
                 little(0x81A4, 4) + name) +
           content + block("\x7B" + little(0x4000, 2) + little(7, 2));
}

//! RAR 5 with one stored file, all numbers of it below 128 (RARLAB, RAR 5.0 archive format).
inline std::string rar5(const std::string &name, const std::string &content) {
    const auto block = [](const std::string &body) {
        const auto sized = little(body.size(), 1) + body;
        return little(crc32Of(sized), 4) + sized;
    };
    return std::string("Rar!\x1A\x07\x01\0", 8) + block(std::string("\x01\0\0", 3)) +
           block("\x02\x02" + little(content.size(), 1) + "\x04" + little(content.size(), 1) +
                 little(0x24, 1) + little(crc32Of(content), 4) + little(0, 1) + "\x01" +
                 little(name.size(), 1) + name) +
           content + block(std::string("\x05\0\0", 3));
}

//! A zip whose `count` entries all are the one compressed block of `size` zeros (APPNOTE 4.3).
inline std::string overlappingZip(int count, int size) {
    const QByteArray zeros(size, '\0');
    const auto packed = qCompress(zeros, 9); // a length, zlib's header, Deflate, a checksum
    const auto deflated = packed.mid(6, packed.size() - 10).toStdString();
    const auto crc = crc32Of({zeros.constData(), static_cast<std::size_t>(zeros.size())});
    const auto common = little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) +
                        little(crc, 4) + little(deflated.size(), 4) +
                        little(static_cast<std::uint64_t>(size), 4) + little(1, 2) + little(0, 2);
    const auto local = "PK\3\4" + common + "a" + deflated;
    std::string directory;
    for (int i = 0; i < count; ++i) {
        directory += "PK\1\2" + little(20, 2) + common + little(0, 14) + "a";
    }
    return local + directory + "PK\5\6" + little(0, 4) +
           little(static_cast<std::uint64_t>(count), 2) +
           little(static_cast<std::uint64_t>(count), 2) + little(directory.size(), 4) +
           little(local.size(), 4) + little(0, 2);
}

//! The number at that place, the least significant byte first.
inline std::size_t littleIn(std::string_view bytes, std::size_t at, std::size_t size) {
    std::size_t number = 0;
    for (std::size_t i = size; i-- > 0;) {
        number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return number;
}

//! A zip whose list no longer has the entry of that number, from zero (APPNOTE 4.3.12 to 4.3.16).
inline std::string unlisted(std::string zip, std::size_t entry) {
    const auto sizeOf = [&](std::size_t at) {
        return 46 + littleIn(zip, at + 28, 2) + littleIn(zip, at + 30, 2) +
               littleIn(zip, at + 32, 2);
    };
    auto end = zip.rfind("PK\5\6");
    const auto count = littleIn(zip, end + 10, 2) - 1;
    auto at = littleIn(zip, end + 16, 4);
    for (; entry > 0; --entry) {
        at += sizeOf(at);
    }
    const auto gone = sizeOf(at);
    const auto left = littleIn(zip, end + 12, 4) - gone;
    zip.erase(at, gone);
    end -= gone;
    if (const auto to64 = zip.rfind("PK\6\7"); to64 != std::string::npos) { // 4.3.14, 4.3.15
        const auto end64 = littleIn(zip, to64 + 8, 8) - gone;
        zip.replace(to64 + 8, 8, little(end64, 8));
        zip.replace(end64 + 24, 24, little(count, 8) + little(count, 8) + little(left, 8));
    }
    return zip.replace(end + 8, 8, little(count, 2) + little(count, 2) + little(left, 4));
}

//! With a comment at its end, in a zip that has none.
inline std::string commented(std::string zip, std::string_view comment) {
    return zip.replace(zip.size() - 2, 2, little(comment.size(), 2)).append(comment);
}

} // namespace sealpost::test
