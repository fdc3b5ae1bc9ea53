// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/VbaProject.h"

#include "scan/PartNames.h"

#include <algorithm>
#include <array>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kChunk = 4096; //!< bytes that one unpacks to, at most

unsigned numberAt(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]) |
           static_cast<unsigned>(static_cast<unsigned char>(bytes[at + 1])) << 8U;
}

//! How many bits of a copy token are its offset (MS-OVBA 2.4.1.3.19.1).
unsigned offsetBits(std::size_t unpacked) {
    unsigned bits = 4;
    while (std::size_t{1} << bits < unpacked) {
        ++bits;
    }
    return bits;
}

//= MS-OVBA 2.4.1.3.5 (decompressing a token sequence). False where a token can't be.
bool appendChunk(std::string_view tokens, std::string &into) {
    const auto start = into.size();
    for (std::size_t at = 0; at < tokens.size();) {
        const auto flags = static_cast<unsigned char>(tokens[at++]);
        for (unsigned i = 0; i < 8 && at < tokens.size(); ++i) {
            const auto unpacked = into.size() - start;
            if (unpacked >= kChunk) {
                return false;
            }
            if ((flags >> i & 1U) == 0) {
                into += tokens[at++];
                continue;
            }
            if (tokens.size() - at < 2) {
                return false;
            }
            const auto token = numberAt(tokens, at);
            at += 2;
            const auto bits = offsetBits(unpacked);
            const auto offset = (token >> (16U - bits)) + 1;
            const auto length =
                std::min<std::size_t>((token & (0xFFFFU >> bits)) + 3, kChunk - unpacked);
            if (offset > unpacked) {
                return false;
            }
            for (std::size_t k = 0; k < length; ++k) {
                into += into[into.size() - offset];
            }
        }
    }
    return true;
}

//! The name of the storage that a stream is in.
std::string_view storageOf(std::string_view path) {
    const auto slash = path.find_last_of('/');
    return slash == std::string_view::npos ? std::string_view() : lastName(path.substr(0, slash));
}

} // namespace

//= MS-OVBA 2.4.1.1 (a compressed container: a 1, then chunks)
std::optional<VbaSource> vbaSource(std::string_view stream) {
    // Every module begins with attributes: eight letters, behind a byte that says so.
    constexpr auto kFirst = "\0Attribut"sv;
    constexpr unsigned kSignature = 3; // of a chunk
    const auto first = stream.find(kFirst);
    if (first == std::string_view::npos || first < 3 || stream[first - 3] != '\1') {
        return std::nullopt;
    }
    VbaSource source;
    auto rest = stream.substr(first - 2);
    while (rest.size() >= 2) {
        const auto header = numberAt(rest, 0);
        const auto size = (header & 0xFFFU) + 1;
        rest.remove_prefix(2);
        const auto tokens = rest.substr(0, size);
        if ((header >> 12U & 7U) != kSignature || tokens.size() < size) {
            return source;
        }
        if ((header >> 15U) == 0) {
            source.text += tokens;
        } else if (!appendChunk(tokens, source.text)) {
            return source;
        }
        rest.remove_prefix(size);
    }
    source.whole = true;
    return source;
}

bool isVbaHousekeeping(std::string_view path) {
    constexpr std::array kProject = {"PROJECT"sv, "PROJECTwm"sv, "PROJECTlk"sv};
    const auto name = lastName(path);
    if (storageOf(path) == "VBA"sv) {
        return name == "dir"sv || name == "_VBA_PROJECT"sv || name.starts_with("__SRP_"sv);
    }
    return std::find(kProject.begin(), kProject.end(), name) != kProject.end();
}

bool isVbaModule(std::string_view path) {
    return storageOf(path) == "VBA"sv && !isVbaHousekeeping(path);
}

} // namespace sealpost::scan
