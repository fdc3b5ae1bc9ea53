// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"

#include <string>
#include <string_view>

struct evp_pkey_st;

//! Keys in the canonical S-expressions of libgcrypt, as gpg-agent speaks them. Private to this
//! room.
namespace sealpost::crypto::sexp {

//! The private key for IMPORT_KEY: RSA, or EC on NIST or Brainpool curves.
//! FixInput "pkcs12.unsupported-key" with the algorithm as detail.
[[nodiscard]] Result<SecretBytes> privateKey(const evp_pkey_st *key);

//! gpg-agent's name for a key, upper-case hexadecimal; empty where it can't hold such a key.
[[nodiscard]] std::string keygrip(const evp_pkey_st *key);

//! The bytes of the atom that follows `name` in its list; empty where there is none.
[[nodiscard]] std::string valueOf(std::string_view expression, std::string_view name);

} // namespace sealpost::crypto::sexp
