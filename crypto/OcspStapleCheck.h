// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/TlsPeerInfo.h"

#include <string_view>

struct x509_st;

namespace sealpost::crypto {

//! What a stapled OCSP response (RFC 6960, DER) says of `leaf` at `now` (the epoch: the present).
//! It counts only where `issuer` signed it, or a responder of its own; without an issuer nothing
//! can be checked. An empty response is Absent.
[[nodiscard]] OcspStaple checkStaple(std::string_view response, x509_st *leaf, x509_st *issuer,
                                     Time now);

} // namespace sealpost::crypto
