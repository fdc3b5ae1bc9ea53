// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SmimeEngine.h"

#include "crypto/AgentKey.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/CmsEnvelope.h"
#include "crypto/CmsSigner.h"
#include "crypto/CmsStream.h"
#include "crypto/SmimeCapabilities.h"

#include <algorithm>
#include <chrono>
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

tl::unexpected<Error> notFound(std::string_view fingerprint, const char *stage) {
    return fail("certificate.not-found", stage, Reaction::FixInput, {}, fingerprint);
}

//! A signer's key and chain, as far as one signature needs them.
struct Signer {
    std::unique_ptr<AgentKey> key;
    std::vector<X509Ptr> chain; //!< the signer first
};

Result<Signer> openSigner(CertificateStore::Private &store, std::string_view fingerprint,
                          Deadline deadline) {
    const auto content = store.keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto *signer = (*content)->exactly(fingerprint);
    if (signer == nullptr) {
        return notFound(fingerprint, kSignStage);
    }
    if (!store.home.hasKey(signer->keygrip)) {
        return fail("smime.no-key", kSignStage, Reaction::FixInput, {}, fingerprint);
    }
    auto passphrase = store.passphraseOf(signer->keygrip);
    if (!passphrase) {
        return fail(passphrase.error());
    }
    auto key = AgentKey::create(store.home, signer->x509.get(), std::move(*passphrase), deadline);
    if (!key) {
        return fail(key.error());
    }
    return Signer{std::move(*key), store.assessor(*content).chainOf(*signer)};
}

//! What the owner of a certificate is known to read: we ourselves read all that we write.
ReaderCapabilities readsOf(const CertificateStore::Private &store,
                           const StoredCertificate &certificate) {
    auto reads = capabilitiesOf(certificate.x509.get());
    if (store.home.hasKey(certificate.keygrip)) {
        return {true, reads.rsaOaep};
    }
    for (const auto &address : certificate.info.addresses) {
        const auto learnt =
            store.config.memory ? store.config.memory->capabilities(address) : ReaderCapabilities();
        reads.aes256Gcm |= learnt.aes256Gcm;
        reads.rsaOaep |= learnt.rsaOaep;
    }
    return reads;
}

//! The reason of the content or the sink, else the agent's, else OpenSSL's.
tl::unexpected<Error> signingFailed(const std::optional<Error> &streamed, const AgentKey &key) {
    if (streamed || key.lastError()) {
        ERR_clear_error();
        return fail(streamed ? *streamed : *key.lastError());
    }
    return cannotSign();
}

} // namespace

ContentWriter contentOf(std::string_view bytes) {
    return [bytes](base::ByteSink &out) { return out.write(bytes); };
}

SmimeEngine::SmimeEngine(std::shared_ptr<CertificateStore> store) : m_store(std::move(store)) {}
SmimeEngine::~SmimeEngine() = default;

Result<std::string> SmimeEngine::signDetached(const ContentWriter &content,
                                              const SigningOrder &order, Deadline deadline) {
    auto &store = m_store->internals();
    const auto signer = openSigner(store, order.fingerprint, deadline);
    if (!signer) {
        return fail(signer.error());
    }
    const auto message = newSignedData(signer->key->key(), signer->chain, order,
                                       store.config.clock->now(), ContentPlace::Outside);
    if (!message) {
        return signingFailed(std::nullopt, *signer->key);
    }
    if (auto done = signOutside(message.get(), content); !done) {
        return signingFailed(done.error(), *signer->key);
    }
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || i2d_CMS_bio(out.get(), message.get()) != 1) {
        return cannotSign();
    }
    return collected(out.get());
}

Result<void> SmimeEngine::signOpaque(const ContentWriter &content, const SigningOrder &order,
                                     Deadline deadline, base::ByteSink &out) {
    auto &store = m_store->internals();
    const auto signer = openSigner(store, order.fingerprint, deadline);
    if (!signer) {
        return fail(signer.error());
    }
    const auto message = newSignedData(signer->key->key(), signer->chain, order,
                                       store.config.clock->now(), ContentPlace::Inside);
    if (!message) {
        return signingFailed(std::nullopt, *signer->key);
    }
    if (auto done = streamCms(message.get(), content, out); !done) {
        return signingFailed(done.error(), *signer->key);
    }
    return {};
}

Result<SmimeDigest> SmimeEngine::digestFor(const std::string &fingerprint, SmimeDigest least) {
    const auto content = m_store->internals().keybox.content(Deadline::after(kLookupTime));
    if (!content) {
        return fail(content.error());
    }
    const auto *signer = (*content)->exactly(fingerprint);
    if (signer == nullptr) {
        return notFound(fingerprint, kSignStage);
    }
    constexpr int kSha384Key = 384;
    const auto &info = signer->info;
    const auto wanted = info.keyType != "EC" || info.keyBits < kSha384Key ? SmimeDigest::Sha256
                        : info.keyBits == kSha384Key                      ? SmimeDigest::Sha384
                                                                          : SmimeDigest::Sha512;
    return std::max(least, wanted);
}

Result<ContentCipher> SmimeEngine::cipherFor(std::span<const std::string> fingerprints) {
    const auto content = m_store->internals().keybox.content(Deadline::after(kLookupTime));
    if (!content) {
        return fail(content.error());
    }
    bool all = !fingerprints.empty();
    for (const auto &fingerprint : fingerprints) {
        const auto *recipient = (*content)->exactly(fingerprint);
        if (recipient == nullptr) {
            return notFound(fingerprint, kEncryptStage);
        }
        all = all && readsOf(m_store->internals(), *recipient).aes256Gcm;
    }
    return all ? ContentCipher::Aes256Gcm : ContentCipher::Aes256Cbc;
}

Result<void> SmimeEngine::encrypt(const ContentWriter &content, const EncryptionOrder &order,
                                  base::ByteSink &out) {
    if (order.fingerprints.empty()) {
        return fail("smime.encrypt", kEncryptStage, Reaction::Bug, "no recipients");
    }
    const auto known = m_store->internals().keybox.content(Deadline::after(kLookupTime));
    if (!known) {
        return fail(known.error());
    }
    const auto message = newEnvelope(order.cipher);
    if (!message) {
        return cannotEncrypt();
    }
    for (const auto &fingerprint : order.fingerprints) {
        const auto *recipient = (*known)->exactly(fingerprint);
        if (recipient == nullptr) {
            return notFound(fingerprint, kEncryptStage);
        }
        const auto transport = order.rsaTransport ? order.rsaTransport
                               : readsOf(m_store->internals(), *recipient).rsaOaep
                                   ? std::optional(RsaTransport::Oaep)
                                   : std::nullopt;
        if (!addRecipient(message.get(), recipient->x509.get(), transport)) {
            auto error = cannotEncrypt();
            error.value().subject = fingerprint;
            return error;
        }
    }
    if (auto done = streamCms(message.get(), content, out); !done) {
        if (done.error()) {
            ERR_clear_error();
            return fail(*done.error());
        }
        return cannotEncrypt();
    }
    return {};
}

} // namespace sealpost::crypto
