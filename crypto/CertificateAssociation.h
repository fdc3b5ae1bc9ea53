// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/DaneVerifier.h"

#include <string_view>

namespace sealpost::crypto {

//! Whether the association data of a TLSA or SMIMEA record is of this certificate (RFC 6698 §2.1,
//! RFC 8162 §2): whole or its public key, as it stands, as SHA-256 or as SHA-512. The usage, which
//! says what that means, is not looked at. False for a record or a certificate that is none.
[[nodiscard]] bool isAssociated(const TlsaRecord &record, std::string_view certificateDer);

} // namespace sealpost::crypto
