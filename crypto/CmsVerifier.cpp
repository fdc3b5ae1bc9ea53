// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsVerifier.h"

#include "crypto/CertificateReader.h"
#include "crypto/SignatureCheck.h"

#include <algorithm>
#include <map>

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
    for (const auto *certificate : content.all()) {
        if (stack && X509_up_ref(certificate->x509.get()) == 1) {
            sk_X509_push(stack.get(), certificate->x509.get());
        }
    }
    return stack;
}

//! What a correspondent reads, by their last message; of one whose certificate is kept here.
void remember(const SignatureFacts &signature, const CertificateStore::Private &store) {
    const bool reliable = signature.signer.state == CertificateState::Usable ||
                          signature.signer.state == CertificateState::Expiring;
    if (!store.config.memory || signature.math != SignatureMath::Good || !reliable ||
        !signature.signerKnown || !signature.reads || !signature.signingTime) {
        return;
    }
    for (const auto &address : signature.signer.addresses) {
        // What can't be kept is learnt again from the next message.
        (void)store.config.memory->learn(address, *signature.reads, *signature.signingTime);
    }
}

bool shareAnAddress(const CertificateInfo &one, const CertificateInfo &other) {
    return std::ranges::any_of(
        one.addresses, [&](const std::string &address) { return isForAddress(other, address); });
}

//! What a person keeps who wants to write to the signer: SignatureFacts::certificates.
std::string worthKeeping(const StoredCertificate &signer, const KeyboxContent &all,
                         const CertificateAssessor &judge) {
    std::map<std::string, std::string> pems; // by fingerprint
    const auto keep = [&](const StoredCertificate &certificate) {
        for (const auto &link : judge.chainOf(certificate)) {
            if (link.get() == certificate.x509.get() || !isSelfSigned(link.get())) {
                pems.emplace(readCertificate(link.get()).fingerprint, toPem(link.get()));
            }
        }
    };
    keep(signer);
    for (const auto *other : all.all()) {
        if (!other->authority && shareAnAddress(other->info, signer.info)) {
            keep(*other);
        }
    }
    std::string joined;
    for (const auto &[fingerprint, pem] : pems) {
        joined += pem;
    }
    return joined;
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
    const auto all = material(**ours, message);
    CertificateAssessor judge(store.config, store.home, store.revocation, all);
    SignedContent content;
    content.content = std::move(checked->content);
    for (auto &one : checked->signatures) {
        if (one.signer) {
            const auto signer = describe(std::move(one.signer));
            one.facts.signer = judge.assess(
                signer, {CertificatePurpose::Sign, {}, RevocationCheck::Done}, deadline, stop);
            one.facts.signerKnown = (*ours)->exactly(signer.info.fingerprint) != nullptr;
            remember(one.facts, store);
            if (one.facts.math == SignatureMath::Good) {
                one.facts.certificates = worthKeeping(signer, *all, judge);
            }
        }
        content.signatures.push_back(std::move(one.facts));
    }
    return content;
}

} // namespace sealpost::crypto
