// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sealpost::mail {

inline constexpr std::size_t kBase64BytesInLine = 57; //!< 76 characters (RFC 2045 §6.8)

//! The size of appendBase64's output for `size` bytes.
[[nodiscard]] std::size_t base64Size(std::size_t size);

//! Appends base64 in lines of 76 characters, each one ended by CRLF.
void appendBase64(std::string &out, std::string_view bytes);

} // namespace sealpost::mail
