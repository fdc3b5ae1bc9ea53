// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"

#include <string>
#include <vector>

struct asn1_string_st;
struct X509_name_st;
struct evp_pkey_st;
struct x509_st;

//! What a certificate of OpenSSL's says, in our own types; for rooms' .cpp files alone.
namespace sealpost::crypto::x509 {

//! RFC 2253; control and non-ASCII characters escaped.
[[nodiscard]] std::string nameOf(const X509_name_st *name);
//! The epoch where the time can't be read.
[[nodiscard]] Time timeOf(const asn1_string_st *time);
//! SHA-256 of the DER form, lower-case hexadecimal.
[[nodiscard]] std::string sha256Of(const x509_st *certificate);
//! dNSName entries, lower case; one with characters that no host name has is left out.
[[nodiscard]] std::vector<std::string> dnsNamesOf(const x509_st *certificate);
//! "sha256WithRSAEncryption"
[[nodiscard]] std::string signatureOf(const x509_st *certificate);

enum class KeyKind { Rsa, Ec, Edwards, Other };

struct KeyFacts {
    KeyKind kind = KeyKind::Other;
    std::string type; //!< "RSA", "EC", "Ed25519"
    int bits = 0;
};
[[nodiscard]] KeyFacts keyOf(const x509_st *certificate);

} // namespace sealpost::crypto::x509
