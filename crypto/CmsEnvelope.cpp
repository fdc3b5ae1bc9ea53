// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsEnvelope.h"

#include "crypto/SmimeCapabilities.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

namespace sealpost::crypto {
namespace {

const EVP_CIPHER *cipherFor(ContentCipher cipher) {
    switch (cipher) {
    case ContentCipher::Aes128Cbc:
        return EVP_aes_128_cbc();
    case ContentCipher::Aes256Cbc:
        return EVP_aes_256_cbc();
    case ContentCipher::Aes256Gcm:
        return EVP_aes_256_gcm();
    }
    return EVP_aes_256_cbc();
}

//! RFC 5753 §7.1: the key derivation is as strong as the curve.
const EVP_MD *derivationFor(const EVP_PKEY *key) {
    constexpr int kP256 = 256;
    constexpr int kP384 = 384;
    const int bits = EVP_PKEY_get_bits(key);
    return bits <= kP256 ? EVP_sha256() : bits <= kP384 ? EVP_sha384() : EVP_sha512();
}

bool useOaep(EVP_PKEY_CTX *context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0;
}

} // namespace

CmsPtr newEnvelope(ContentCipher cipher) {
    constexpr unsigned kFlags = CMS_STREAM | CMS_BINARY | CMS_PARTIAL;
    return CmsPtr(CMS_encrypt(nullptr, nullptr, cipherFor(cipher), kFlags));
}

bool addRecipient(CMS_ContentInfo *envelope, X509 *certificate,
                  std::optional<RsaTransport> transport) {
    auto *recipient = CMS_add1_recipient_cert(envelope, certificate, CMS_BINARY | CMS_KEY_PARAM);
    if (recipient == nullptr) {
        return false;
    }
    auto *context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
    auto *key = X509_get0_pubkey(certificate);
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        return EVP_PKEY_CTX_set_ecdh_kdf_md(context, derivationFor(key)) > 0;
    }
    const bool oaep =
        transport ? *transport == RsaTransport::Oaep : capabilitiesOf(certificate).rsaOaep;
    return !oaep || EVP_PKEY_is_a(key, "RSA") != 1 || useOaep(context);
}

} // namespace sealpost::crypto
