// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::base {

//! RFC 4648 §4, padded, without line breaks. Leaves no copy behind: the result of a secret is the
//! caller's to wipe.
[[nodiscard]] std::string toBase64(std::string_view bytes);
//! None where the text is anything but that: white space, missing padding, bits left over.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);
//! RFC 4648 §5 without padding, as tokens and digests in URLs have it.
[[nodiscard]] std::string toBase64Url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64Url(std::string_view text);

} // namespace sealpost::base
