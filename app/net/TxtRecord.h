// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/DnsResolver.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::net {

//! The character-strings of a TXT record's RDATA (RFC 1035 §3.3.14) put together without anything
//! between them; any bytes. None where the RDATA is cut short or empty.
[[nodiscard]] std::optional<std::string> txtFromWire(std::string_view rdata);
//! The reverse, for resolvers that make answers: tests.
[[nodiscard]] std::string encodeTxt(std::string_view text);

//! The texts of an answer in its order; malformed ones left out.
[[nodiscard]] std::vector<std::string> txtRecords(const DnsAnswer &answer);

} // namespace sealpost::net
