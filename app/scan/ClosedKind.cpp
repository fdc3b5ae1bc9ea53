// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/ClosedKind.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

struct Mark {
    std::size_t offset;
    std::string_view bytes;
};

constexpr std::array kClosed = {
    Mark{0, "ITSF"sv},                      // CHM
    Mark{0, "hsqs"sv},                      // squashfs
    Mark{0, "!BDN"sv},                      // Outlook's PST and OST
    Mark{0, "MSWIM\0\0\0"sv},               // WIM
    Mark{0, "xar!"sv},                      // macOS' packages
    Mark{0, "QFI\xFB"sv},                   // QCOW
    Mark{0, "KDMV"sv},                      // VMDK
    Mark{0, "vhdxfile"sv},                  // VHDX
    Mark{0, "EVF\x09\r\n\xFF\0"sv},         // EnCase's images of evidence
    Mark{0, "EVF2\r\n\x81\0"sv},            //
    Mark{0, "ADSEGMENTEDFILE"sv},           // FTK's
    Mark{7, "**ACE**"sv},                   //
    Mark{20, "\xDC\xA7\xC4\xFD"sv},         // ZOO
    Mark{0, "SIT!"sv},                      // StuffIt
    Mark{0, "StuffIt"sv},                   //
    Mark{0, "LRZI"sv},                      //
    Mark{0, "\x89LZO\0\r\n\x1A\n"sv},       //
    Mark{0, "\xFF\x06\0\0sNaPpY"sv},        //
    Mark{0, "zPQ"sv},                       // ZPAQ
    Mark{0, "7kSt"sv},                      //
    Mark{0, "PACK\0\0\0\2"sv},              // Git's packs
    Mark{0, "ISc("sv},                      // InstallShield's cabinets
    Mark{0, "PAR1"sv},                      // Parquet
    Mark{0, "ANDROID BACKUP\n"sv},          //
    Mark{0, "\0\1\0\0Standard Jet DB\0"sv}, // Access, whose text is packed
    Mark{0, "\0\1\0\0Standard ACE DB\0"sv},
    Mark{3, "-FVE-FS-"sv}, // BitLocker
};

constexpr std::array kFonts = {
    Mark{0, "wOFF"sv},
    Mark{0, "wOF2"sv},
    Mark{0, "%!"sv}, // PostScript and its fonts
    Mark{6, "%!"sv},
};

template <std::size_t N> bool hasOneOf(const std::array<Mark, N> &marks, std::string_view bytes) {
    return std::any_of(marks.begin(), marks.end(), [&](const Mark &mark) {
        return bytes.size() > mark.offset && bytes.substr(mark.offset).starts_with(mark.bytes);
    });
}

//! RFC 9580 §4.2, §5.5.2: a public key of version 3 to 6, in a packet of either format.
bool isOpenPgpCertificate(std::string_view bytes) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    const bool isOld = byte(0) >= 0x98 && byte(0) <= 0x9A;
    const std::size_t length = isOld ? 1U << (byte(0) & 3U) : (byte(1) < 192 ? 1 : 2);
    const auto version = byte(1 + length);
    return (isOld || byte(0) == 0xC6) && version >= 3 && version <= 6;
}

//! By how far the counts of all values are from equal ones (chi square): 255 on average where all
//! values are as likely, a few times that where something is packed, thousands in programs, tables
//! and text.
bool isEven(std::string_view bytes) {
    constexpr std::size_t kSample = std::size_t{16} * 1024;
    constexpr std::size_t kSmallest = std::size_t{2} * 1024;
    constexpr std::size_t kValues = 256;
    const auto sample = bytes.substr(0, kSample);
    if (sample.size() < kSmallest) {
        return false;
    }
    std::array<std::size_t, kValues> counts{};
    for (const char c : sample) {
        ++counts.at(static_cast<unsigned char>(c));
    }
    std::size_t squares = 0;
    for (const auto count : counts) {
        squares += count * count;
    }
    const auto distance = squares * kValues / sample.size() - sample.size();
    return distance < 3 * kValues + sample.size() / 14;
}

} // namespace

bool isClosed(std::string_view bytes) {
    if (hasOneOf(kClosed, bytes)) {
        return true;
    }
    // Half of such bytes have their highest bit.
    constexpr std::size_t kFirst = 256;
    const auto first = bytes.substr(0, kFirst);
    const auto high = std::count_if(first.begin(), first.end(),
                                    [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return first.size() == kFirst && high > static_cast<std::ptrdiff_t>(kFirst / 5) &&
           isEven(bytes) && !hasOneOf(kFonts, bytes) && !isOpenPgpCertificate(bytes);
}

} // namespace sealpost::scan
