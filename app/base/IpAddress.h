// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::base {

//! An IPv4 or IPv6 literal ("192.0.2.1", "2001:db8::1"; no brackets, no zone) as its 4 or 16
//! octets; none where the text is not one.
[[nodiscard]] std::optional<std::string> octetsFromIpLiteral(std::string_view literal);
//! The reverse, in the form of RFC 5952; none where there are not 4 or 16 octets.
[[nodiscard]] std::optional<std::string> ipLiteralFromOctets(std::string_view octets);

} // namespace sealpost::base
