// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsSigner.h"

#include "crypto/CertificateReader.h"
#include "crypto/SmimeCapabilities.h"

#include <openssl/asn1t.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

namespace sealpost::crypto {
namespace {

using ObjectPtr = OpenSslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;
using IntegerPtr = OpenSslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using TimePtr = OpenSslPtr<ASN1_TIME, ASN1_TIME_free>;

const EVP_MD *hashFor(SmimeDigest digest) {
    switch (digest) {
    case SmimeDigest::Sha256:
        return EVP_sha256();
    case SmimeDigest::Sha384:
        return EVP_sha384();
    case SmimeDigest::Sha512:
        return EVP_sha512();
    }
    return EVP_sha256();
}

//! A primitive value of a universal type, in DER. Only for short values.
std::string der(unsigned char tag, std::string_view value) {
    constexpr std::size_t kOneByte = 0x80;
    constexpr std::size_t kTwoBytes = 0x100;
    std::string out(1, static_cast<char>(tag));
    if (value.size() >= kOneByte && value.size() < kTwoBytes) {
        out += static_cast<char>(0x81);
    } else if (value.size() >= kTwoBytes) {
        out += static_cast<char>(0x82);
        out += static_cast<char>(value.size() / kTwoBytes);
    }
    out += static_cast<char>(value.size() % kTwoBytes);
    return out.append(value);
}

//! ESSSecurityLabel (RFC 2634 §3.2): a SET, so DER puts its elements in the order of their tags.
std::string labelDer(const SecurityLabel &label) {
    constexpr unsigned char kObject = 0x06;
    constexpr unsigned char kInteger = 0x02;
    constexpr unsigned char kUtf8 = 0x0C;
    constexpr unsigned char kSet = 0x31;
    constexpr int kSignBit = 0x80;
    const ObjectPtr object(OBJ_txt2obj(label.policyId.c_str(), 1));
    if (!object || label.classification < 0 || label.classification >= 2 * kSignBit) {
        return {};
    }
    const std::string_view policy(reinterpret_cast<const char *>(OBJ_get0_data(object.get())),
                                  OBJ_length(object.get()));
    std::string number(label.classification >= kSignBit ? 1 : 0, '\0');
    number += static_cast<char>(label.classification);
    auto members = der(kInteger, number) + der(kObject, policy);
    if (!label.privacyMark.empty()) {
        members += der(kUtf8, label.privacyMark);
    }
    return der(kSet, members);
}

bool addLabel(CMS_SignerInfo *signer, const SecurityLabel &label) {
    const auto encoded = labelDer(label);
    return !encoded.empty() &&
           CMS_signed_add1_attr_by_NID(signer, NID_id_smime_aa_securityLabel, V_ASN1_SET,
                                       encoded.data(), static_cast<int>(encoded.size())) == 1;
}

bool addSigningTime(CMS_SignerInfo *signer, Time time) {
    // UTCTime until 2049 (RFC 5652 §11.3), which is what ASN1_TIME_set chooses.
    const TimePtr value(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(time)));
    return value && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, value->type,
                                                value.get(), -1) == 1;
}

bool usePss(CMS_SignerInfo *signer) {
    auto *context = CMS_SignerInfo_get0_pkey_ctx(signer);
    X509_ALGOR *algorithm = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, nullptr, &algorithm);
    // OpenSSL names the algorithm when it signs, but wants a name when it starts to stream.
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0 &&
           X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsassaPss), V_ASN1_UNDEF, nullptr) == 1;
}

} // namespace

CmsPtr newSignedData(EVP_PKEY *key, std::span<const X509Ptr> chain, const SigningOrder &order,
                     Time signingTime, ContentPlace place) {
    const bool pss = order.rsa == RsaSignature::Pss && EVP_PKEY_is_a(key, "RSA") == 1;
    // CMS_CADES adds signing-certificate-v2 (RFC 5035).
    const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES |
                           (pss ? CMS_KEY_PARAM : 0U) |
                           (place == ContentPlace::Inside ? CMS_STREAM : CMS_DETACHED);
    CmsPtr message(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
    auto *signer = message && !chain.empty() ? CMS_add1_signer(message.get(), chain.front().get(),
                                                               key, hashFor(order.digest), flags)
                                             : nullptr;
    bool good =
        signer != nullptr && addSigningTime(signer, signingTime) && announceCapabilities(signer);
    good = good && (!pss || usePss(signer)) && (!order.label || addLabel(signer, *order.label));
    for (std::size_t i = 1; good && i < chain.size(); ++i) {
        good = isSelfSigned(chain[i].get()) || CMS_add1_cert(message.get(), chain[i].get()) == 1;
    }
    return good ? std::move(message) : nullptr;
}

} // namespace sealpost::crypto
