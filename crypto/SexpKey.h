// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/OpenSslTypes.h"

#include <string_view>

//! Keys of OpenSSL's out of the expressions that gpg-agent gives. Private to this room.
namespace sealpost::crypto::sexp {

//! A public key, or a private one where the expression has its secret part; null where it is of
//! another kind than RSA, NIST's curves or brainpool's.
[[nodiscard]] KeyPtr keyFrom(std::string_view expression);

} // namespace sealpost::crypto::sexp
