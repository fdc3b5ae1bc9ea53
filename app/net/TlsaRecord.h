// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/DaneVerifier.h"
#include "net/DnsResolver.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::net {

//! RDATA of a TLSA record (RFC 6698 §2.1); none where it is too short to be one. Whether it is
//! usable is crypto::faultOf's to say.
[[nodiscard]] std::optional<crypto::TlsaRecord> tlsaFromWire(std::string_view rdata);
//! The reverse, for resolvers that make answers: tests.
[[nodiscard]] std::string encodeTlsa(const crypto::TlsaRecord &record);

//! The records of an answer in its order; malformed ones left out.
[[nodiscard]] std::vector<crypto::TlsaRecord> tlsaRecords(const DnsAnswer &answer);

} // namespace sealpost::net
