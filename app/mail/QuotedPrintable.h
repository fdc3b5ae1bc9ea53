// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sealpost::mail {

//! The text with CRLF for each CRLF, LF or CR, and one at its end.
[[nodiscard]] std::string withCrlf(std::string_view text);

//! Whether text with CRLF can go as it is, safe from every relay: printable ASCII and tabs, lines
//! of at most 76 characters, no space at a line's end, no line that starts with "From " or is ".".
[[nodiscard]] bool isPlainEnough(std::string_view crlfText);

//! Text with CRLF as quoted-printable (RFC 2045 §6.7).
[[nodiscard]] std::string quotedPrintable(std::string_view crlfText);

} // namespace sealpost::mail
