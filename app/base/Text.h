// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::base {

//! Locale-free ASCII helpers; bytes above 127 pass through unchanged.
[[nodiscard]] std::string asciiLower(std::string_view text);
[[nodiscard]] std::string asciiUpper(std::string_view text);
[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view trimmed(std::string_view text);
//! Parts between separators, empty ones kept.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);
//! Lower-case hexadecimal.
[[nodiscard]] std::string toHex(std::string_view bytes);
//! Whether `domain` is `suffix` or ends in it at a label boundary: evilgov.uk is not under gov.uk.
//! Both lower-case A-labels without a last dot.
[[nodiscard]] bool isSameOrSubdomain(std::string_view domain, std::string_view suffix);
//! Whether the text has a control character: C0 (CR, LF and NUL among them), DEL or C1 in UTF-8.
[[nodiscard]] bool hasControlCharacters(std::string_view text);

} // namespace sealpost::base
