// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to mail: header fields as bytes. Each function gives "Name: value" lines, folded and
// ended by CRLF, in ASCII; a control character in the input never comes out.
#pragma once

#include "base/Clock.h"
#include "mail/Address.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sealpost::mail {

//! Free text (Subject): encoded-words where needed (RFC 2047).
[[nodiscard]] std::string textField(std::string_view name, std::string_view value);

//! ASCII as it is, folded at its spaces; nothing is encoded.
[[nodiscard]] std::string foldedField(std::string_view name, std::string_view value);

//! A list of mailboxes; empty text for an empty list.
[[nodiscard]] std::string addressField(std::string_view name, std::span<const Address> addresses);

//! "Content-Type: text/plain; charset=utf-8": values quoted, or encoded as in RFC 2231.
using Parameters = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string parameterField(std::string_view name, std::string_view value,
                                         const Parameters &parameters);

//! "Mon, 23 Nov 2026 14:02:00 +0000" (RFC 5322 §3.3)
[[nodiscard]] std::string dateField(Time time);

//! Decodes a text field (RFC 2047). GMime 3.2 drops what follows an encoded-word with base64
//! padding, so each of those is handed over by itself.
[[nodiscard]] std::string decodedText(std::string_view raw);

} // namespace sealpost::mail
