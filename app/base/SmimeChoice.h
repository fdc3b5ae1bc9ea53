// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

//! What an organisation can choose about its S/MIME messages: shared by policy, mail and crypto.
namespace sealpost::base {

//! How content is encrypted. AES-256-GCM makes AuthEnvelopedData (RFC 5083), which older readers
//! can't open.
enum class ContentCipher { Aes128Cbc, Aes256Cbc, Aes256Gcm };
inline constexpr std::array kAllContentCiphers = {
    ContentCipher::Aes128Cbc, ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm};

[[nodiscard]] constexpr std::string_view toString(ContentCipher cipher) {
    switch (cipher) {
    case ContentCipher::Aes128Cbc:
        return "AES-128-CBC";
    case ContentCipher::Aes256Cbc:
        return "AES-256-CBC";
    case ContentCipher::Aes256Gcm:
        return "AES-256-GCM";
    }
    return "AES-256-CBC";
}

enum class SmimeDigest { Sha256, Sha384, Sha512 };
inline constexpr std::array kAllSmimeDigests = {SmimeDigest::Sha256, SmimeDigest::Sha384,
                                                SmimeDigest::Sha512};

[[nodiscard]] constexpr std::string_view toString(SmimeDigest digest) {
    switch (digest) {
    case SmimeDigest::Sha256:
        return "SHA-256";
    case SmimeDigest::Sha384:
        return "SHA-384";
    case SmimeDigest::Sha512:
        return "SHA-512";
    }
    return "SHA-256";
}

//! How an RSA key signs: RFC 8017 §8.2 or §8.1 (RFC 4056).
enum class RsaSignature { Pkcs1, Pss };
//! How the content's key is encrypted to an RSA key: RFC 8017 §7.2 or §7.1 (RFC 3560).
enum class RsaTransport { Pkcs1, Oaep };
//! multipart/signed, readable everywhere, or application/pkcs7-mime signed-data, which no relay can
//! break (RFC 8551 §3.5).
enum class SignedForm { Detached, Opaque };

//! What the outer header of an encrypted message hides (RFC 9788 §3.2).
enum class HeaderHiding {
    Baseline, //!< the subject (hcp_baseline)
    Shy,      //!< the subject and the display names (hcp_shy)
    None,     //!< nothing (hcp_no_confidentiality)
};

} // namespace sealpost::base

namespace sealpost {
using base::ContentCipher;
using base::HeaderHiding;
using base::RsaSignature;
using base::RsaTransport;
using base::SignedForm;
using base::SmimeDigest;
} // namespace sealpost
