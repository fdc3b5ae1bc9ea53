// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/TnefFile.h"

#include <algorithm>
#include <cstdint>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr auto kSignature = "\x78\x9F\x3E\x22"sv;
constexpr std::size_t kHeader = 6;
constexpr std::uint32_t kRendering = 0x00069002; //!< the first of each attachment's
constexpr std::uint32_t kTitle = 0x00018010;
constexpr std::uint32_t kData = 0x0006800F;

std::uint32_t number(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

} // namespace

//= MS-OXTNEF 2.1.3 (level, identifier, length, data, checksum)
TnefFile readTnef(std::string_view bytes) {
    constexpr std::size_t kBefore = 9;
    constexpr std::size_t kBehind = 2;
    TnefFile file;
    bytes.remove_prefix(std::min(kHeader, bytes.size()));
    while (!bytes.empty()) {
        if (bytes.size() < kBefore || bytes.size() - kBefore < number(bytes, 5)) {
            file.whole = false;
            file.properties.push_back(bytes);
            break;
        }
        const auto id = number(bytes, 1);
        auto data = bytes.substr(kBefore, number(bytes, 5));
        bytes.remove_prefix(std::min(kBefore + data.size() + kBehind, bytes.size()));
        if (id == kRendering || ((id == kTitle || id == kData) && file.attachments.empty())) {
            file.attachments.emplace_back();
        }
        if (id == kTitle) {
            file.attachments.back().name = data.substr(0, data.find('\0'));
        } else if (id == kData) {
            file.attachments.back().content = data;
        } else {
            file.properties.push_back(data);
        }
    }
    return file;
}

//= MS-OXRTFCP 2.1.3.1 (sizes, then what it is)
std::vector<std::string_view> compressedRtfIn(std::string_view properties) {
    constexpr std::size_t kBefore = 8;
    std::vector<std::string_view> all;
    for (auto at = properties.find("LZFu"sv); at != std::string_view::npos;
         at = properties.find("LZFu"sv, at + 4)) {
        if (at >= kBefore) {
            const auto from = properties.substr(at - kBefore);
            all.push_back(from.substr(0, std::size_t{number(from, 0)} + 4));
        }
    }
    return all;
}

std::string_view tnefInside(std::string_view properties) {
    const auto at = properties.find(kSignature);
    return at == std::string_view::npos ? std::string_view() : properties.substr(at);
}

} // namespace sealpost::scan
