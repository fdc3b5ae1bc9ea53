// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "crypto/OpenSslTypes.h"

#include <string>

namespace sealpost::crypto {

struct RequestOrder;

//! A certificate request (PKCS#10, RFC 2986), PEM, signed by `key`; empty where OpenSSL failed.
//! Private to this room.
[[nodiscard]] std::string makeRequest(const RequestOrder &order, EVP_PKEY *key);

} // namespace sealpost::crypto
