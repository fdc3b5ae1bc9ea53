// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SignatureCheck.h"

#include "base/Text.h"
#include "crypto/SmimeCapabilities.h"
#include "crypto/X509Facts.h"

#include <algorithm>
#include <array>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/objects.h>

namespace sealpost::crypto {
namespace {

constexpr std::size_t kMostSigners = 16;
constexpr int kFirstAndOnly = -3; // of CMS_signed_get0_data_by_OBJ

tl::unexpected<Error> refuse(std::string_view code) {
    ERR_clear_error();
    return fail(code, "open.verify", Reaction::FixInput);
}

const void *attribute(const CMS_SignerInfo *signer, int nid, int type) {
    return CMS_signed_get0_data_by_OBJ(const_cast<CMS_SignerInfo *>(signer), OBJ_nid2obj(nid),
                                       kFirstAndOnly, type);
}

std::optional<Time> signingTimeOf(const CMS_SignerInfo *signer) {
    for (const int type : {V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME}) {
        if (const auto *time = attribute(signer, NID_pkcs9_signingTime, type)) {
            return x509::timeOf(static_cast<const ASN1_TIME *>(time));
        }
    }
    return std::nullopt;
}

//! The privacy mark of an ESSSecurityLabel (RFC 2634 §3.2), else its policy's identifier.
std::string labelOf(const CMS_SignerInfo *signer) {
    const auto *value = static_cast<const ASN1_STRING *>(
        attribute(signer, NID_id_smime_aa_securityLabel, V_ASN1_SET));
    if (value == nullptr) {
        return {};
    }
    const auto *at = ASN1_STRING_get0_data(value);
    const OpenSslPtr<ASN1_SEQUENCE_ANY,
                     [](ASN1_SEQUENCE_ANY *list) { sk_ASN1_TYPE_pop_free(list, ASN1_TYPE_free); }>
        members(d2i_ASN1_SET_ANY(nullptr, &at, ASN1_STRING_length(value)));
    std::string policy;
    for (int i = 0; i < sk_ASN1_TYPE_num(members.get()); ++i) {
        const auto *member = sk_ASN1_TYPE_value(members.get(), i);
        if (member->type == V_ASN1_UTF8STRING || member->type == V_ASN1_PRINTABLESTRING) {
            const auto *text = member->value.asn1_string;
            std::string mark(reinterpret_cast<const char *>(ASN1_STRING_get0_data(text)),
                             static_cast<std::size_t>(ASN1_STRING_length(text)));
            if (!base::hasControlCharacters(mark)) {
                return mark;
            }
        }
        if (member->type == V_ASN1_OBJECT) {
            std::array<char, 80> name{};
            OBJ_obj2txt(name.data(), name.size(), member->value.object, 1);
            policy = name.data();
        }
    }
    return policy;
}

bool hasContentType(const CMS_SignerInfo *signer, const ASN1_OBJECT *type) {
    const auto *said =
        static_cast<const ASN1_OBJECT *>(attribute(signer, NID_pkcs9_contentType, V_ASN1_OBJECT));
    return said != nullptr && OBJ_cmp(said, type) == 0;
}

//! Whether signing-certificate-v2 (RFC 5035), where there is one, names this certificate.
bool namesItsCertificate(const CMS_SignerInfo *signer, X509 *certificate) {
    if (CMS_signed_get_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2, -1) < 0) {
        return true;
    }
    const auto *value = static_cast<const ASN1_STRING *>(
        attribute(signer, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE));
    if (value == nullptr) {
        return false;
    }
    const auto *at = ASN1_STRING_get0_data(value);
    const OpenSslPtr<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> named(
        d2i_ESS_SIGNING_CERT_V2(nullptr, &at, ASN1_STRING_length(value)));
    const OpenSslPtr<STACK_OF(X509), [](STACK_OF(X509) * s) { sk_X509_free(s); }> chain(
        sk_X509_new_null());
    constexpr int kIssuedByOthersToo = 0;
    return named && sk_X509_push(chain.get(), certificate) > 0 &&
           OSSL_ESS_check_signing_certs(nullptr, named.get(), chain.get(), kIssuedByOthersToo) > 0;
}

SignatureMath check(CMS_SignerInfo *signer, X509 *certificate, BIO *digests,
                    const ASN1_OBJECT *contentType) {
    X509_ALGOR *digest = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, nullptr);
    const int hash = OBJ_obj2nid(digest->algorithm);
    constexpr std::array kStrong = {NID_sha224,   NID_sha256,   NID_sha384,  NID_sha512,
                                    NID_sha3_256, NID_sha3_384, NID_sha3_512};
    constexpr std::array kForgeable = {NID_md2, NID_md4, NID_md5, NID_sha1, NID_mdc2};
    if (std::ranges::find(kForgeable, hash) != kForgeable.end()) {
        return SignatureMath::Weak;
    }
    if (certificate == nullptr || std::ranges::find(kStrong, hash) == kStrong.end()) {
        return SignatureMath::Unreadable;
    }
    // Without signed attributes a signature over attributes can be passed off as one over content.
    if (CMS_signed_get_attr_count(signer) <= 0 || !hasContentType(signer, contentType)) {
        return SignatureMath::Bare;
    }
    if (CMS_SignerInfo_verify(signer) != 1 || CMS_SignerInfo_verify_content(signer, digests) != 1) {
        return SignatureMath::Changed;
    }
    return namesItsCertificate(signer, certificate) ? SignatureMath::Good
                                                    : SignatureMath::OtherCertificate;
}

bool readAll(BIO *from, std::string &into) {
    std::array<char, 16'384> buffer{};
    for (;;) {
        std::size_t size = 0;
        if (BIO_read_ex(from, buffer.data(), buffer.size(), &size) != 1) {
            return true; // the end: CMS has no other sign of it
        }
        into.append(buffer.data(), size);
    }
}

//! Frees the filters that CMS put on top of `bottom`.
class DigestChain {
public:
    DigestChain(CMS_ContentInfo *message, BIO *bottom)
        : m_bottom(bottom), m_top(CMS_dataInit(message, bottom)) {}
    ~DigestChain() {
        while (m_top != nullptr && m_top != m_bottom) {
            auto *next = BIO_pop(m_top);
            BIO_free(m_top);
            m_top = next;
        }
    }
    DigestChain(const DigestChain &) = delete;
    DigestChain &operator=(const DigestChain &) = delete;
    [[nodiscard]] BIO *top() const { return m_top; }

private:
    BIO *m_bottom;
    BIO *m_top;
};

CheckedSignature checkOne(CMS_SignerInfo *signer, BIO *digests, const ASN1_OBJECT *type) {
    CheckedSignature checked;
    X509 *certificate = nullptr;
    X509_ALGOR *digest = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, &certificate, &digest, nullptr);
    checked.facts.math = check(signer, certificate, digests, type);
    checked.facts.digest = OBJ_nid2sn(OBJ_obj2nid(digest->algorithm));
    if (checked.facts.math == SignatureMath::Good) {
        checked.facts.signingTime = signingTimeOf(signer);
        checked.facts.label = labelOf(signer);
        checked.facts.reads = capabilitiesOf(signer);
    }
    if (certificate != nullptr) {
        checked.signer = sharedCopy(certificate);
    }
    return checked;
}

} // namespace

Result<CheckedContent> checkSignatures(CMS_ContentInfo *message,
                                       std::optional<std::string_view> outside,
                                       STACK_OF(X509) * known) {
    auto *signers = CMS_get0_SignerInfos(message);
    const auto count = static_cast<std::size_t>(std::max(sk_CMS_SignerInfo_num(signers), 0));
    const auto *type = CMS_get0_eContentType(message);
    if (count > kMostSigners || type == nullptr) {
        return refuse("cms.unreadable");
    }
    CheckedContent checked;
    if (count == 0) {
        return checked;
    }
    // A "detached" signature with content of its own would verify something that nobody is shown.
    if ((CMS_is_detached(message) == 1) != outside.has_value()) {
        return refuse("cms.content");
    }
    CMS_set1_signers_certs(message, known, 0);
    const auto reader = outside ? readerOf(*outside) : BioPtr();
    const DigestChain digests(message, reader.get());
    if (digests.top() == nullptr) {
        return refuse("cms.unreadable");
    }
    std::string bytes;
    readAll(digests.top(), bytes);
    for (std::size_t i = 0; i < count; ++i) {
        checked.signatures.push_back(
            checkOne(sk_CMS_SignerInfo_value(signers, static_cast<int>(i)), digests.top(), type));
    }
    ERR_clear_error();
    if (!outside) {
        checked.content = std::move(bytes);
    }
    return checked;
}

} // namespace sealpost::crypto
