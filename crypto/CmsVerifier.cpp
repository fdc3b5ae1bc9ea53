// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsVerifier.h"

#include "crypto/SignatureCheck.h"

#include <algorithm>

namespace sealpost::crypto {
namespace {

//! The certificates that chains are built from: what the store has, and what the message brings.
std::shared_ptr<KeyboxContent> material(const KeyboxContent &ours, CMS_ContentInfo *message) {
    constexpr int kMostBrought = 64;
    const CertificateStackPtr stack(CMS_get1_certs(message));
    std::vector<X509 *> brought;
    for (int i = 0; i < std::min(sk_X509_num(stack.get()), kMostBrought); ++i) {
        brought.push_back(sk_X509_value(stack.get(), i));
    }
    return joined(ours, brought);
}

//! For signers whose certificate the message does not bring.
CertificateStackPtr allOf(const KeyboxContent &content) {
    CertificateStackPtr stack(sk_X509_new_null());
    for (const auto &certificate : content.certificates) {
        if (stack && X509_up_ref(certificate.x509.get()) == 1) {
            sk_X509_push(stack.get(), certificate.x509.get());
        }
    }
    return stack;
}

} // namespace

Result<SignedContent> verifyCms(CMS_ContentInfo *message, std::optional<std::string_view> outside,
                                CertificateStore::Private &store, Deadline deadline,
                                const std::stop_token &stop) {
    const auto ours = store.keybox.content(deadline);
    if (!ours) {
        return fail(ours.error());
    }
    const auto known = allOf(**ours);
    auto checked = checkSignatures(message, outside, known.get());
    if (!checked) {
        return fail(checked.error());
    }
    CertificateAssessor judge(store.config, store.home, store.revocation,
                              material(**ours, message));
    SignedContent content;
    content.content = std::move(checked->content);
    for (auto &one : checked->signatures) {
        if (one.signer) {
            one.facts.signer =
                judge.assess(describe(std::move(one.signer)),
                             {CertificatePurpose::Sign, {}, RevocationCheck::Done}, deadline, stop);
        }
        content.signatures.push_back(std::move(one.facts));
    }
    return content;
}

} // namespace sealpost::crypto
