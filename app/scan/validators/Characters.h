// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: ASCII letters and digits, whatever the locale.
#pragma once

#include <string_view>

namespace sealpost::scan {

constexpr bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool isUpper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool isLetter(char c) {
    return isUpper(c) || isLower(c);
}
constexpr bool isHexDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr int valueOf(char digit) {
    return digit - '0';
}

//! "AAAA…", "xxxx…", "1234567890…": written by a person to fill the space.
[[nodiscard]] bool isFiller(std::string_view text);
//! A word, or a word with a figure ("court", "Secret2Type", "2026"), unlike random characters.
[[nodiscard]] bool isNameLike(std::string_view text);
//! Two or more of the marks that people put into passwords.
[[nodiscard]] bool isSymbolRich(std::string_view text);

} // namespace sealpost::scan
