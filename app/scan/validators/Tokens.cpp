// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens and keys of services and wallets; some carry a checksum.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Validators.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

namespace sealpost::scan {

namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::uint32_t crc32Of(std::string_view text) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

//! The bytes that base58 text stands for; empty where a character is none of it.
std::vector<unsigned char> fromBase58(std::string_view text) {
    std::vector<unsigned char> bytes; // least significant first
    for (const char c : text) {
        const auto digit = kBase58.find(c);
        if (digit == std::string_view::npos) {
            return {};
        }
        auto carry = static_cast<unsigned>(digit);
        for (auto &byte : bytes) {
            carry += static_cast<unsigned>(byte) * 58U;
            byte = static_cast<unsigned char>(carry & 0xFFU);
            carry >>= 8U;
        }
        for (; carry > 0; carry >>= 8U) {
            bytes.push_back(static_cast<unsigned char>(carry & 0xFFU));
        }
    }
    for (std::size_t i = 0; i < text.size() && text[i] == '1'; ++i) {
        bytes.push_back(0);
    }
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

std::vector<unsigned char> fromBase32(std::string_view text) {
    std::vector<unsigned char> bytes;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto digit = kBase32.find(c);
        if (digit == std::string_view::npos) {
            return {};
        }
        buffer = ((buffer << 5U) | static_cast<unsigned>(digit)) & 0xFFFFU;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<unsigned char>((buffer >> bits) & 0xFFU));
        }
    }
    return bytes;
}

} // namespace

bool isFiller(std::string_view text) {
    const std::set<char> different(text.begin(), text.end());
    if (different.size() < 6) {
        return true;
    }
    constexpr std::array<std::string_view, 15> kWords = {
        "example", "placeholder", "your_",    "your-",    "redacted",
        "xxxxx",   "1234567890",  "abcdefgh", "changeme", "insert",
        "_here",   "0123456789",  "deadbeef", "aaaaaaaa", "abc123"};
    const auto lower = base::asciiLower(text);
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

namespace {

//! A key in hexadecimal, which can have long runs of digits.
bool isLongHex(std::string_view text) {
    constexpr std::size_t kLong = 24;
    return text.size() >= kLong && std::all_of(text.begin(), text.end(), isHexDigit) &&
           std::any_of(text.begin(), text.end(), isDigit) &&
           !std::all_of(text.begin(), text.end(), isDigit);
}

} // namespace

bool isNameLike(std::string_view text) {
    if (isLongHex(text)) {
        return false;
    }
    std::size_t turns = 0;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        digits += isDigit(text[i]) ? 1U : 0U;
        // A capital that starts a word is no turn.
        const bool toDigit = i > 0 && isDigit(text[i]) != isDigit(text[i - 1]);
        const bool toLower =
            i > 1 && isLower(text[i]) && isUpper(text[i - 1]) && isUpper(text[i - 2]);
        const bool toUpper = i > 0 && isUpper(text[i]) && isLower(text[i - 1]);
        turns += toDigit || toLower || toUpper ? 1U : 0U;
    }
    return text.size() < 4 || digits == text.size() || turns * 5 < text.size();
}

bool isMixedToken(std::string_view text) {
    const bool digit = std::any_of(text.begin(), text.end(), isDigit);
    // One of a hundred tokens has no digit; its letters go up and down all the same.
    const bool mixed = digit || (std::any_of(text.begin(), text.end(), isUpper) &&
                                 std::any_of(text.begin(), text.end(), isLower) &&
                                 text.size() >= 18 && !isNameLike(text));
    return mixed && std::any_of(text.begin(), text.end(), isLetter) && !isFiller(text);
}

bool isRandomText(std::string_view text) {
    const std::set<char> different(text.begin(), text.end());
    return different.size() >= std::min<std::size_t>(12, text.size() / 2) && !isFiller(text);
}

bool hasCrc32InBase62(std::string_view text) {
    // "ghp_" or "npm_", 30 characters, and their CRC-32 in six of base62.
    constexpr std::size_t kPrefix = 4;
    constexpr std::size_t kCheck = 6;
    if (text.size() != kPrefix + 30 + kCheck) {
        return false;
    }
    std::uint64_t given = 0;
    for (const char c : text.substr(text.size() - kCheck)) {
        const auto digit = kBase62.find(c);
        if (digit == std::string_view::npos) {
            return false;
        }
        given = given * 62 + digit;
    }
    return given == crc32Of(text.substr(kPrefix, 30));
}

bool isBase64Pair(std::string_view text) {
    const auto decoded =
        QByteArray::fromBase64Encoding(QByteArray(text.data(), static_cast<qsizetype>(text.size())),
                                       QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok) {
        return false;
    }
    const auto colon = decoded.decoded.indexOf(':');
    const bool printable = std::all_of(decoded.decoded.begin(), decoded.decoded.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    });
    const auto password = decoded.decoded.mid(colon + 1).toLower();
    return colon > 0 && printable && password.size() >= 3 && password != "password" &&
           password != "pass";
}

bool isBase58Check(std::string_view text) {
    constexpr std::size_t kCheck = 4;
    const auto bytes = fromBase58(text);
    if (bytes.size() <= kCheck) {
        return false;
    }
    const auto size = static_cast<qsizetype>(bytes.size() - kCheck);
    const QByteArrayView payload(bytes.data(), size);
    const auto hash = QCryptographicHash::hash(
        QCryptographicHash::hash(payload.toByteArray(), QCryptographicHash::Sha256),
        QCryptographicHash::Sha256);
    return std::equal(bytes.end() - kCheck, bytes.end(), hash.begin(),
                      [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
}

bool isStellarSeed(std::string_view text) {
    const auto bytes = fromBase32(text);
    constexpr unsigned char kSeedVersion = 0x90;
    if (bytes.size() != 35 || bytes[0] != kSeedVersion) {
        return false;
    }
    unsigned crc = 0; // XMODEM
    for (std::size_t i = 0; i < 33; ++i) {
        crc ^= static_cast<unsigned>(bytes[i]) << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            crc = ((crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U) & 0xFFFFU;
        }
    }
    return crc == (static_cast<unsigned>(bytes[33]) | (static_cast<unsigned>(bytes[34]) << 8U));
}

bool isJwt(std::string_view text) {
    const auto header = text.substr(0, text.find('.'));
    const auto json =
        QByteArray::fromBase64(QByteArray(header.data(), static_cast<qsizetype>(header.size())),
                               QByteArray::Base64UrlEncoding);
    return QJsonDocument::fromJson(json).object().contains(QLatin1String("alg"));
}

bool isBase32Seed(std::string_view text) {
    constexpr std::size_t kShortest = 16;
    const auto count = std::count_if(text.begin(), text.end(),
                                     [](char c) { return isLetter(c) || (c >= '2' && c <= '7'); });
    const std::set<char> different(text.begin(), text.end());
    return static_cast<std::size_t>(count) >= kShortest && different.size() >= 6;
}

bool isBitLockerKey(std::string_view text) {
    // Eight groups, each eleven times a number of sixteen bits.
    for (std::size_t at = 0; at + 6 <= text.size(); at += 7) {
        int group = 0;
        for (const char c : text.substr(at, 6)) {
            group = group * 10 + valueOf(c);
        }
        if (group % 11 != 0 || group / 11 > 0xFFFF) {
            return false;
        }
    }
    return text.size() == 55 && !isOneDigitOnly(text);
}

} // namespace sealpost::scan
