// SPDX-License-Identifier: GPL-3.0-or-later
// What Word and Outlook write around RTF and embedded files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sealpost::test {

inline std::string number32(std::uint64_t value) {
    std::string bytes;
    for (unsigned i = 0; i < 4; ++i) {
        bytes += static_cast<char>(value >> (8U * i) & 0xFFU);
    }
    return bytes;
}

inline std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string digits;
    for (const char c : bytes) {
        digits += kDigits[static_cast<unsigned char>(c) >> 4U];
        digits += kDigits[static_cast<unsigned char>(c) & 0xFU];
    }
    return digits;
}

//! MS-OXRTFCP, with the crudest compression: none of it points back.
inline std::string compressedRtf(const std::string &rtf) {
    constexpr std::size_t kPrefilled = 207;
    std::string packed;
    for (std::size_t at = 0; at <= rtf.size(); at += 8) {
        const auto eight = rtf.substr(at, 8);
        packed += static_cast<char>(eight.size() < 8 ? 1U << eight.size() : 0U);
        packed += eight;
    }
    const auto end = (kPrefilled + rtf.size()) % 4096 << 4U;
    packed += static_cast<char>(end >> 8U);
    packed += static_cast<char>(end & 0xFFU);
    return number32(packed.size() + 12) + number32(rtf.size()) + "LZFu" + number32(0) + packed;
}

inline std::string uncompressedRtf(const std::string &rtf) {
    return number32(rtf.size() + 12) + number32(rtf.size()) + "MELA" + number32(0) + rtf;
}

//! How the packager of Windows writes a file.
inline std::string packagedFile(const std::string &path, const std::string &content) {
    const auto name = path.substr(path.find_last_of('\\') + 1);
    return std::string("\2\0", 2) + name + '\0' + path + '\0' + std::string("\0\0\3\0", 4) +
           number32(path.size() + 1) + path + '\0' + number32(content.size()) + content;
}

//! The stream "\1Ole10Native" (MS-OLEDS §2.3.6).
inline std::string nativeStream(const std::string &native) {
    return number32(native.size()) + native;
}

//! An embedded object in RTF (MS-OLEDS §2.2.5).
inline std::string richObject(const std::string &program, const std::string &native) {
    return number32(0x501) + number32(2) + number32(program.size() + 1) + program + '\0' +
           number32(0) + number32(0) + number32(native.size()) + native;
}

} // namespace sealpost::test
