// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateAssociation.h"

#include "crypto/OpenSslTypes.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <optional>
#include <string>

namespace sealpost::crypto {
namespace {

std::optional<std::string> publicKeyOf(std::string_view der) {
    const auto *bytes = reinterpret_cast<const unsigned char *>(der.data());
    const X509Ptr certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!certificate) {
        return std::nullopt;
    }
    unsigned char *key = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &key);
    const OpenSslPtr<unsigned char, [](unsigned char *p) { OPENSSL_free(p); }> owner(key);
    if (size <= 0) {
        return std::nullopt;
    }
    return std::string(reinterpret_cast<const char *>(key), static_cast<std::size_t>(size));
}

std::string digestOf(std::string_view bytes, const EVP_MD *kind) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) != 1) {
        return {};
    }
    return {reinterpret_cast<const char *>(digest.data()), size};
}

} // namespace

bool isAssociated(const TlsaRecord &record, std::string_view certificateDer) {
    const auto key = record.selector == 1 ? publicKeyOf(certificateDer) : std::nullopt;
    if (record.data.empty() || record.selector > 1 || (record.selector == 1 && !key)) {
        return false;
    }
    const std::string_view selected = key ? std::string_view(*key) : certificateDer;
    switch (record.matchingType) {
    case 0:
        return record.data == selected;
    case 1:
        return record.data == digestOf(selected, EVP_sha256());
    case 2:
        return record.data == digestOf(selected, EVP_sha512());
    default:
        return false;
    }
}

} // namespace sealpost::crypto
