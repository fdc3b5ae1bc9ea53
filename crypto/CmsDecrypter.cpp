// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsDecrypter.h"

#include "crypto/AgentKey.h"
#include "crypto/EnvelopeShape.h"

#include <openssl/err.h>
#include <openssl/objects.h>

namespace sealpost::crypto {
namespace {

constexpr auto kStage = "open.decrypt";

tl::unexpected<Error> refuse(std::string_view code, std::string_view detail = {}) {
    return fail(code, kStage, Reaction::FixInput, detail);
}

bool isFor(CMS_RecipientInfo *info, X509 *certificate) {
    switch (CMS_RecipientInfo_type(info)) {
    case CMS_RECIPINFO_TRANS:
        return CMS_RecipientInfo_ktri_cert_cmp(info, certificate) == 0;
    case CMS_RECIPINFO_AGREE: {
        auto *keys = CMS_RecipientInfo_kari_get0_reks(info);
        for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num(keys); ++i) {
            if (CMS_RecipientEncryptedKey_cert_cmp(sk_CMS_RecipientEncryptedKey_value(keys, i),
                                                   certificate) == 0) {
                return true;
            }
        }
        return false;
    }
    default:
        return false;
    }
}

//! The first of our certificates, with its key here, that the message was encrypted to.
const StoredCertificate *ourRecipient(CMS_ContentInfo *message, const KeyboxContent &content,
                                      const GnupgHome &home) {
    auto *infos = CMS_get0_RecipientInfos(message);
    for (const auto *certificate : content.all()) {
        if (certificate->authority || !home.hasKey(certificate->keygrip)) {
            continue;
        }
        for (int i = 0; i < sk_CMS_RecipientInfo_num(infos); ++i) {
            if (isFor(sk_CMS_RecipientInfo_value(infos, i), certificate->x509.get())) {
                return certificate;
            }
        }
    }
    return nullptr;
}

} // namespace

Result<DecryptedContent> decryptCms(CMS_ContentInfo *message, CertificateStore::Private &store,
                                    Deadline deadline) {
    constexpr std::size_t kShortestTag = 12; // RFC 5084 §3.2
    const bool authenticated =
        OBJ_obj2nid(CMS_get0_type(message)) == NID_id_smime_ct_authEnvelopedData;
    auto shape = shapeOf(message);
    // OpenSSL takes a tag of any length, and one of a byte is guessed in 256 tries.
    if (authenticated && shape.tagLength < kShortestTag) {
        return refuse("cms.weak-tag", std::to_string(shape.tagLength) + " bytes");
    }
    const auto content = store.keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto *ours = ourRecipient(message, **content, store.home);
    if (ours == nullptr) {
        return refuse("cms.no-key");
    }
    auto passphrase = store.passphraseOf(ours->keygrip);
    if (!passphrase) {
        return fail(passphrase.error());
    }
    const auto key =
        AgentKey::create(store.home, ours->x509.get(), std::move(*passphrase), deadline);
    if (!key) {
        return fail(key.error());
    }
    DecryptedContent decrypted;
    decrypted.cipher = std::move(shape.cipher);
    const BioPtr out(BIO_new(BIO_s_mem()));
    // With a memory BIO nothing is passed on before OpenSSL has checked the whole.
    const bool done =
        CMS_decrypt(message, (*key)->key(), ours->x509.get(), nullptr, out.get(), CMS_BINARY) == 1;
    if (!done) {
        auto detail = takeOpenSslError();
        return (*key)->lastError() ? fail(*(*key)->lastError()) : refuse("cms.decrypt", detail);
    }
    char *data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    decrypted.content = SecretBytes(std::string_view(data, static_cast<std::size_t>(size)));
    OPENSSL_cleanse(data, static_cast<std::size_t>(size));
    decrypted.integrity = authenticated ? Integrity::Proven : Integrity::Unknown;
    decrypted.fingerprint = ours->info.fingerprint;
    return decrypted;
}

} // namespace sealpost::crypto
