// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Base64.h"

#include <algorithm>

namespace sealpost::base {

namespace {
constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = group << 8U | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            if (j <= count) {
                out += alphabet[group >> (18U - 6U * j) & 63U];
            } else if (padded) {
                out += '=';
            }
        }
    }
    return out;
}

//! Without padding.
std::optional<std::string> decode(std::string_view text, std::string_view alphabet) {
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    unsigned group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos || c == '\0') {
            return std::nullopt;
        }
        group = group << 6U | static_cast<unsigned>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(group >> bits & 255U);
            group &= (1U << bits) - 1U;
        }
    }
    // A single letter more is no byte, and what is left over must be zero.
    if (bits >= 6 || group != 0) {
        return std::nullopt;
    }
    return out;
}
} // namespace

std::string toBase64(std::string_view bytes) {
    return encode(bytes, kPlain, true);
}

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
    }
    return decode(text, kPlain);
}

std::string toBase64Url(std::string_view bytes) {
    return encode(bytes, kUrl, false);
}

std::optional<std::string> fromBase64Url(std::string_view text) {
    return decode(text, kUrl);
}

} // namespace sealpost::base
