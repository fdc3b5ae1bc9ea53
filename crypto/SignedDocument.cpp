// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SignedDocument.h"

// In front of cms.h, which declares PEM for CMS only then.
#include <openssl/pem.h>

#include "crypto/CertificateReader.h"
#include "crypto/OpenSslTypes.h"
#include "crypto/X509Facts.h"

#include <algorithm>
#include <openssl/objects.h>

namespace sealpost::crypto {

namespace {

constexpr std::string_view kStage = "bundle";
constexpr KeyMinimum kLeastKey{2048, 256};

void freeStackOnly(STACK_OF(X509) * certificates) {
    sk_X509_free(certificates);
}
using BorrowedStackPtr = OpenSslPtr<STACK_OF(X509), freeStackOnly>;

auto refuse(std::string_view code, std::string_view detail = {}, std::string_view subject = {}) {
    return fail(code, kStage, Reaction::AskAdmin, detail, subject);
}

CmsPtr parse(std::string_view bytes) {
    const auto reader = readerOf(bytes);
    if (!reader) {
        return nullptr;
    }
    return CmsPtr(bytes.starts_with("-----BEGIN")
                      ? PEM_read_bio_CMS(reader.get(), nullptr, nullptr, nullptr)
                      : d2i_CMS_bio(reader.get(), nullptr));
}

bool isStrongDigest(int nid) {
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

Result<void> requireStrongDigests(CMS_ContentInfo *cms) {
    auto *signers = CMS_get0_SignerInfos(cms);
    for (int i = 0; i < sk_CMS_SignerInfo_num(signers); ++i) {
        X509_ALGOR *digest = nullptr;
        CMS_SignerInfo_get0_algs(sk_CMS_SignerInfo_value(signers, i), nullptr, nullptr, &digest,
                                 nullptr);
        const ASN1_OBJECT *name = nullptr;
        X509_ALGOR_get0(&name, nullptr, nullptr, digest);
        if (const int nid = OBJ_obj2nid(name); !isStrongDigest(nid)) {
            return refuse("bundle.weak", OBJ_nid2sn(nid));
        }
    }
    return {};
}

Result<void> requireGoodSigner(X509 *signer, const std::set<std::string> &pinned, Time now) {
    const auto fingerprint = x509::sha256Of(signer);
    if (!pinned.contains(fingerprint)) {
        return refuse("bundle.signer", {}, fingerprint);
    }
    if (now < x509::timeOf(X509_get0_notBefore(signer)) ||
        now > x509::timeOf(X509_get0_notAfter(signer))) {
        return refuse("bundle.signer-expired", {}, fingerprint);
    }
    const auto key = x509::keyOf(signer);
    const bool weak = (key.kind == x509::KeyKind::Rsa && key.bits < kLeastKey.rsaBits) ||
                      (key.kind == x509::KeyKind::Ec && key.bits < kLeastKey.ecBits) ||
                      key.kind == x509::KeyKind::Other;
    if (weak) {
        return refuse("bundle.weak", key.type + " " + std::to_string(key.bits), fingerprint);
    }
    return {};
}

std::optional<Time> signingTime(CMS_ContentInfo *cms) {
    auto *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
    auto *attribute = at < 0 ? nullptr : CMS_signed_get_attr(signer, at);
    const auto *value = attribute == nullptr ? nullptr : X509_ATTRIBUTE_get0_type(attribute, 0);
    if (value == nullptr ||
        (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) {
        return std::nullopt;
    }
    return x509::timeOf(value->value.asn1_string);
}

} // namespace

Result<SignedDocument> openSigned(std::string_view cms, const std::set<std::string> &pinned,
                                  Time now) {
    const auto parsed = parse(cms);
    const bool isSignedData =
        parsed && OBJ_obj2nid(CMS_get0_type(parsed.get())) == NID_pkcs7_signed;
    // Its content stands inside: nothing else says what was signed.
    if (!isSignedData || CMS_is_detached(parsed.get()) != 0) {
        return refuse("bundle.unreadable", takeOpenSslError());
    }
    auto *signers = CMS_get0_SignerInfos(parsed.get());
    if (signers == nullptr || sk_CMS_SignerInfo_num(signers) == 0) {
        return refuse("bundle.signature", "no signer");
    }
    const BioPtr out(BIO_new(BIO_s_mem()));
    // The pin takes the place of a chain.
    if (!out || CMS_verify(parsed.get(), nullptr, nullptr, nullptr, out.get(),
                           CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1) {
        return refuse("bundle.signature", takeOpenSslError());
    }
    const BorrowedStackPtr certificates(CMS_get0_signers(parsed.get()));
    if (!certificates || sk_X509_num(certificates.get()) == 0) {
        return refuse("bundle.signature", "no signer");
    }
    if (auto strong = requireStrongDigests(parsed.get()); !strong) {
        return fail(strong.error());
    }
    for (int i = 0; i < sk_X509_num(certificates.get()); ++i) {
        if (auto good = requireGoodSigner(sk_X509_value(certificates.get(), i), pinned, now);
            !good) {
            return fail(good.error());
        }
    }
    return SignedDocument{collected(out.get()),
                          x509::sha256Of(sk_X509_value(certificates.get(), 0)),
                          signingTime(parsed.get())};
}

} // namespace sealpost::crypto
