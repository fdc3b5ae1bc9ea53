// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateRequest.h"

#include "crypto/CertificateStore.h"

#include <openssl/pem.h>

namespace sealpost::crypto {
namespace {

using RequestPtr = OpenSslPtr<X509_REQ, X509_REQ_free>;
inline void freeExtensions(STACK_OF(X509_EXTENSION) * extensions) {
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}
using ExtensionsPtr = OpenSslPtr<STACK_OF(X509_EXTENSION), freeExtensions>;

bool addName(X509_NAME *name, int nid, const std::string &value) {
    return value.empty() ||
           X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char *>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
}

bool add(STACK_OF(X509_EXTENSION) * extensions, X509_EXTENSION *extension) {
    if (extension != nullptr && sk_X509_EXTENSION_push(extensions, extension) > 0) {
        return true;
    }
    X509_EXTENSION_free(extension);
    return false;
}

//! The address as a name of its own: no text is parsed, so nothing in it can become another name.
X509_EXTENSION *addressExtension(const std::string &address) {
    const OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free> names(GENERAL_NAMES_new());
    auto *name = GENERAL_NAME_new();
    auto *text = ASN1_IA5STRING_new();
    if (!names || name == nullptr || text == nullptr ||
        ASN1_STRING_set(text, address.data(), static_cast<int>(address.size())) != 1) {
        GENERAL_NAME_free(name);
        ASN1_IA5STRING_free(text);
        return nullptr;
    }
    GENERAL_NAME_set0_value(name, GEN_EMAIL, text);
    sk_GENERAL_NAME_push(names.get(), name);
    return X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get());
}

} // namespace

std::string makeRequest(const RequestOrder &order, EVP_PKEY *key) {
    const RequestPtr request(X509_REQ_new());
    const ExtensionsPtr extensions(sk_X509_EXTENSION_new_null());
    const bool rsa = EVP_PKEY_is_a(key, "RSA") == 1;
    const auto *usage = rsa ? "critical,digitalSignature,keyEncipherment"
                            : "critical,digitalSignature,keyAgreement";
    auto *subject = request ? X509_REQ_get_subject_name(request.get()) : nullptr;
    const bool good =
        subject != nullptr && extensions && addName(subject, NID_commonName, order.name) &&
        addName(subject, NID_organizationName, order.organisation) &&
        add(extensions.get(), addressExtension(order.address)) &&
        add(extensions.get(), X509V3_EXT_nconf_nid(nullptr, nullptr, NID_key_usage, usage)) &&
        add(extensions.get(),
            X509V3_EXT_nconf_nid(nullptr, nullptr, NID_ext_key_usage, "emailProtection")) &&
        X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
        X509_REQ_set_pubkey(request.get(), key) == 1 &&
        X509_REQ_add_extensions(request.get(), extensions.get()) == 1 &&
        X509_REQ_sign(request.get(), key, EVP_sha256()) > 0;
    const BioPtr out(BIO_new(BIO_s_mem()));
    return good && out && PEM_write_bio_X509_REQ(out.get(), request.get()) == 1
               ? collected(out.get())
               : std::string();
}

} // namespace sealpost::crypto
