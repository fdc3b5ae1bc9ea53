// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SmimeCapabilities.h"

#include <array>
#include <openssl/err.h>
#include <openssl/objects.h>

namespace sealpost::crypto {
namespace {

inline void freeAlgorithms(STACK_OF(X509_ALGOR) * algorithms) {
    sk_X509_ALGOR_pop_free(algorithms, X509_ALGOR_free);
}
using AlgorithmsPtr = OpenSslPtr<STACK_OF(X509_ALGOR), freeAlgorithms>;

ReaderCapabilities read(const ASN1_STRING *value) {
    ReaderCapabilities capabilities;
    const auto *bytes = ASN1_STRING_get0_data(value);
    const AlgorithmsPtr list(d2i_X509_ALGORS(nullptr, &bytes, ASN1_STRING_length(value)));
    for (int i = 0; i < sk_X509_ALGOR_num(list.get()); ++i) {
        const int nid = OBJ_obj2nid(sk_X509_ALGOR_value(list.get(), i)->algorithm);
        capabilities.aes256Gcm |= nid == NID_aes_256_gcm;
        capabilities.rsaOaep |= nid == NID_rsaesOaep;
    }
    ERR_clear_error();
    return capabilities;
}

} // namespace

ReaderCapabilities capabilitiesOf(const X509 *certificate) {
    const int at = X509_get_ext_by_NID(certificate, NID_SMIMECapabilities, -1);
    return at < 0 ? ReaderCapabilities()
                  : read(X509_EXTENSION_get_data(X509_get_ext(certificate, at)));
}

std::optional<ReaderCapabilities> capabilitiesOf(const CMS_SignerInfo *signer) {
    constexpr int kFirstAndOnly = -3;
    const auto *value = static_cast<const ASN1_STRING *>(CMS_signed_get0_data_by_OBJ(
        const_cast<CMS_SignerInfo *>(signer), OBJ_nid2obj(NID_SMIMECapabilities), kFirstAndOnly,
        V_ASN1_SEQUENCE));
    return value == nullptr ? std::nullopt : std::optional(read(value));
}

bool announceCapabilities(CMS_SignerInfo *signer) {
    constexpr std::array kOurs = {NID_aes_256_gcm, NID_aes_128_gcm, NID_aes_256_cbc,
                                  NID_aes_128_cbc};
    constexpr int kNoKeySize = -1;
    STACK_OF(X509_ALGOR) *list = nullptr;
    bool good = true;
    for (const int nid : kOurs) {
        good = good && CMS_add_simple_smimecap(&list, nid, kNoKeySize) == 1;
    }
    const AlgorithmsPtr owner(list);
    return good && CMS_add_smimecap(signer, list) == 1;
}

} // namespace sealpost::crypto
