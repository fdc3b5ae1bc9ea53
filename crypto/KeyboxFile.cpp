// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/KeyboxFile.h"

#include <cstdint>

namespace sealpost::crypto {
namespace {

// Offsets in a blob.
constexpr std::size_t kType = 4;
constexpr std::size_t kFlags = 6;
constexpr std::size_t kPlace = 8;
constexpr std::size_t kSize = 12;
constexpr std::size_t kSmallest = 5; //!< length and type
constexpr std::size_t kSmallestWithContent = 16;

constexpr std::uint8_t kHeaderBlob = 1;
constexpr std::uint8_t kX509Blob = 3;
constexpr std::uint8_t kEphemeral = 2; //!< in the flags' low byte

std::uint8_t byteAt(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t numberAt(std::string_view bytes, std::size_t at) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number = number << 8U | byteAt(bytes, at + i);
    }
    return number;
}

} // namespace

std::optional<std::vector<KeyboxSlice>> certificatesInKeybox(std::string_view file) {
    std::vector<KeyboxSlice> certificates;
    for (std::size_t at = 0; at < file.size();) {
        const auto rest = file.substr(at);
        const auto length = rest.size() < kSmallest ? 0 : numberAt(rest, 0);
        if (length < kSmallest || length > rest.size() ||
            (at == 0 && byteAt(rest, kType) != kHeaderBlob)) {
            return std::nullopt;
        }
        const auto blob = rest.substr(0, length);
        if (byteAt(blob, kType) == kX509Blob) {
            if (length < kSmallestWithContent) {
                return std::nullopt;
            }
            const KeyboxSlice slice{numberAt(blob, kPlace), numberAt(blob, kSize)};
            if (slice.offset > length || slice.size > length - slice.offset) {
                return std::nullopt;
            }
            if ((byteAt(blob, kFlags + 1) & kEphemeral) == 0) {
                certificates.push_back({at + slice.offset, slice.size});
            }
        }
        at += length;
    }
    return certificates;
}

} // namespace sealpost::crypto
