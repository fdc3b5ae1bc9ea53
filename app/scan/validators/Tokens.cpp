// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "scan/validators/Validators.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <set>

namespace sealpost::scan {

namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

//! "AAAA…", "xxxx…", "1234567890…": written by a person to fill the space.
bool isFiller(std::string_view text) {
    const std::set<char> different(text.begin(), text.end());
    if (different.size() < 6) {
        return true;
    }
    constexpr std::array<std::string_view, 8> kWords = {
        "example", "placeholder", "your_", "your-", "redacted", "xxxxx", "1234567890", "abcdefgh"};
    const auto lower = base::asciiLower(text);
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

} // namespace

bool isMixedToken(std::string_view text) {
    return std::any_of(text.begin(), text.end(), isDigit) &&
           std::any_of(text.begin(), text.end(), isLetter) && !isFiller(text);
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
    return static_cast<std::size_t>(count) >= kShortest && different.size() >= 4;
}

} // namespace sealpost::scan
