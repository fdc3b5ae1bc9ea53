// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/OpenPgpKind.h"

#include <cstddef>
#include <optional>

namespace sealpost::scan {

namespace {

// RFC 9580 §5
constexpr unsigned kKeyToKey = 1;
constexpr unsigned kPassphraseToKey = 3;
constexpr unsigned kSecretKey = 5;

unsigned byteAt(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

std::size_t numberAt(std::string_view bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8U | byteAt(bytes, at + i);
    }
    return value;
}

struct Packet {
    unsigned tag = 0;
    std::string_view body;
    std::string_view rest;
};

std::optional<unsigned> tagOf(std::string_view bytes) {
    const auto first = byteAt(bytes, 0);
    if ((first & 0x80U) == 0) {
        return std::nullopt;
    }
    return (first & 0x40U) != 0 ? first & 0x3FU : first >> 2U & 0xFU;
}

//! One whose length is given (§4.2); all that begin such a file have it.
std::optional<Packet> packet(std::string_view bytes) {
    const auto tag = tagOf(bytes);
    if (!tag) {
        return std::nullopt;
    }
    std::size_t header = 0;
    std::size_t length = 0;
    if ((byteAt(bytes, 0) & 0x40U) == 0) {
        const auto kind = byteAt(bytes, 0) & 3U;
        if (kind == 3) {
            return std::nullopt;
        }
        header = 1 + (std::size_t{1} << kind);
        length = numberAt(bytes, 1, header - 1);
    } else if (const auto first = byteAt(bytes, 1); first < 192) {
        header = 2;
        length = first;
    } else if (first < 224) {
        header = 3;
        length = (std::size_t{first} - 192) * 256 + byteAt(bytes, 2) + 192;
    } else if (first == 255) {
        header = 6;
        length = numberAt(bytes, 2, 4);
    } else {
        return std::nullopt;
    }
    if (bytes.size() < header || bytes.size() - header < length) {
        return std::nullopt;
    }
    return Packet{*tag, bytes.substr(header, length), bytes.substr(header + length)};
}

bool beginsWithOneOf(std::string_view bytes, std::string_view tags) {
    const auto tag = tagOf(bytes);
    return tag && tags.find(static_cast<char>(*tag)) != std::string_view::npos;
}

bool isVersion(unsigned version, unsigned oldest, unsigned newest) {
    return version >= oldest && version <= newest;
}

} // namespace

OpenPgpKind openPgpKindOf(std::string_view bytes) {
    const auto first = packet(bytes);
    if (!first) {
        return OpenPgpKind::None;
    }
    const auto version = byteAt(first->body, 0);
    if (first->tag == kSecretKey) {
        // A signature, a subkey or a name follows, where anything does.
        const bool key =
            isVersion(version, 3, 6) && first->body.size() > 20 &&
            (first->rest.empty() || beginsWithOneOf(first->rest, "\2\5\7\x0C\x0D\x11"));
        return key ? OpenPgpKind::SecretKey : OpenPgpKind::None;
    }
    const bool wrapsKey =
        (first->tag == kKeyToKey && isVersion(version, 2, 6) && first->body.size() > 10) ||
        (first->tag == kPassphraseToKey && isVersion(version, 4, 6) && first->body.size() >= 4);
    // More of the same follow, or what is encrypted: data, with a checksum, or authenticated.
    const bool message = wrapsKey && beginsWithOneOf(first->rest, "\1\3\x09\x12\x14");
    return message ? OpenPgpKind::Encrypted : OpenPgpKind::None;
}

} // namespace sealpost::scan
