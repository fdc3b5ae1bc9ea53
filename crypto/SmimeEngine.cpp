// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SmimeEngine.h"

#include "base/Text.h"
#include "crypto/AgentKey.h"
#include "crypto/CertificateReader.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/SinkBio.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>

namespace sealpost::crypto {
namespace {

constexpr auto kSignStage = "smime.sign";
constexpr auto kEncryptStage = "smime.encrypt";
constexpr std::chrono::seconds kLookupTime{30};

tl::unexpected<Error> cannotSign() {
    return fail("smime.sign", kSignStage, Reaction::AskAdmin, takeOpenSslError());
}
tl::unexpected<Error> cannotEncrypt() {
    return fail("smime.encrypt", kEncryptStage, Reaction::AskAdmin, takeOpenSslError());
}

//! By its full fingerprint, never a prefix: a message goes to the certificate that was shown.
const StoredCertificate *findExactly(const KeyboxContent &content, std::string_view fingerprint) {
    const auto at = std::ranges::find_if(content.certificates, [&](const auto &certificate) {
        return certificate.info.fingerprint == fingerprint;
    });
    return at != content.certificates.end() ? &*at : nullptr;
}

tl::unexpected<Error> notFound(std::string_view fingerprint, const char *stage) {
    return fail("certificate.not-found", stage, Reaction::FixInput, {}, fingerprint);
}

//! RFC 5753 §7.1: the key derivation is as strong as the curve.
const EVP_MD *derivationFor(const EVP_PKEY *key) {
    constexpr int kP256 = 256;
    constexpr int kP384 = 384;
    const int bits = EVP_PKEY_get_bits(key);
    return bits <= kP256 ? EVP_sha256() : bits <= kP384 ? EVP_sha384() : EVP_sha512();
}

bool addRecipient(CMS_ContentInfo *message, X509 *certificate) {
    auto *recipient = CMS_add1_recipient_cert(message, certificate, CMS_BINARY | CMS_KEY_PARAM);
    if (recipient == nullptr) {
        return false;
    }
    auto *key = X509_get0_pubkey(certificate);
    return EVP_PKEY_is_a(key, "EC") != 1 ||
           EVP_PKEY_CTX_set_ecdh_kdf_md(CMS_RecipientInfo_get0_pkey_ctx(recipient),
                                        derivationFor(key)) > 0;
}

bool writeAll(BIO *to, std::string_view bytes) {
    constexpr std::size_t kStep = std::size_t{64} * 1024;
    while (!bytes.empty()) {
        std::size_t written = 0;
        if (BIO_write_ex(to, bytes.data(), std::min(bytes.size(), kStep), &written) != 1 ||
            written == 0) {
            return false;
        }
        bytes.remove_prefix(written);
    }
    return true;
}

//! Encodes while it encrypts: no more than some buffers are in memory.
bool stream(CMS_ContentInfo *message, std::span<const std::string_view> pieces, BIO *sink) {
    constexpr int kBufferSize = 64 * 1024;
    const BioPtr buffer(BIO_new(BIO_f_buffer()));
    if (!buffer || BIO_set_write_buffer_size(buffer.get(), kBufferSize) != 1) {
        return false;
    }
    BIO_push(buffer.get(), sink);
    BIO *top = BIO_new_CMS(buffer.get(), message);
    bool good = top != nullptr;
    for (const auto piece : pieces) {
        good = good && writeAll(top, piece);
    }
    good = good && BIO_flush(top) == 1; // writes what ends the message, and empties the buffer
    while (top != nullptr && top != buffer.get()) {
        auto *next = BIO_pop(top);
        BIO_free(top);
        top = next;
    }
    BIO_pop(buffer.get());
    return good;
}

} // namespace

SmimeEngine::SmimeEngine(std::shared_ptr<CertificateStore> store) : m_store(std::move(store)) {}
SmimeEngine::~SmimeEngine() = default;

Result<std::string> SmimeEngine::signDetached(std::string_view entity, std::string_view fingerprint,
                                              Deadline deadline) {
    auto &store = m_store->internals();
    const auto content = store.keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto *signer = findExactly(**content, fingerprint);
    if (signer == nullptr) {
        return notFound(fingerprint, kSignStage);
    }
    if (!store.home.hasKey(signer->keygrip)) {
        return fail("smime.no-key", kSignStage, Reaction::FixInput, {}, fingerprint);
    }
    auto passphrase = store.keyPassphrase();
    if (!passphrase) {
        return fail(passphrase.error());
    }
    const auto key =
        AgentKey::create(store.home, signer->x509.get(), std::move(*passphrase), deadline);
    if (!key) {
        return fail(key.error());
    }

    constexpr unsigned kFlags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL;
    const CmsPtr message(CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
    if (!message || CMS_add1_signer(message.get(), signer->x509.get(), (*key)->key(), EVP_sha256(),
                                    kFlags) == nullptr) {
        return cannotSign();
    }
    const auto chain = store.assessor(*content).chainOf(*signer);
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (!isSelfSigned(chain[i].get()) && CMS_add1_cert(message.get(), chain[i].get()) != 1) {
            return cannotSign();
        }
    }
    const auto reader = readerOf(entity);
    if (!reader || CMS_final(message.get(), reader.get(), nullptr, kFlags) != 1) {
        if ((*key)->lastError()) {
            ERR_clear_error();
            return fail(*(*key)->lastError());
        }
        return cannotSign();
    }
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || i2d_CMS_bio(out.get(), message.get()) != 1) {
        return cannotSign();
    }
    return collected(out.get());
}

Result<void> SmimeEngine::encrypt(std::span<const std::string_view> pieces,
                                  std::span<const std::string> fingerprints, base::ByteSink &out) {
    if (fingerprints.empty()) {
        return fail("smime.encrypt", kEncryptStage, Reaction::Bug, "no recipients");
    }
    const auto content = m_store->internals().keybox.content(Deadline::after(kLookupTime));
    if (!content) {
        return fail(content.error());
    }
    constexpr unsigned kFlags = CMS_STREAM | CMS_BINARY | CMS_PARTIAL;
    const CmsPtr message(CMS_encrypt(nullptr, nullptr, EVP_aes_256_cbc(), kFlags));
    if (!message) {
        return cannotEncrypt();
    }
    for (const auto &fingerprint : fingerprints) {
        const auto *recipient = findExactly(**content, fingerprint);
        if (recipient == nullptr) {
            return notFound(fingerprint, kEncryptStage);
        }
        if (!addRecipient(message.get(), recipient->x509.get())) {
            auto error = cannotEncrypt();
            error.value().subject = fingerprint;
            return error;
        }
    }
    SinkBio sink(out);
    if (sink.bio() == nullptr || !stream(message.get(), pieces, sink.bio())) {
        if (sink.error()) {
            ERR_clear_error();
            return fail(*sink.error());
        }
        return cannotEncrypt();
    }
    return {};
}

} // namespace sealpost::crypto
