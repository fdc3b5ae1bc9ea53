// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateStore.h"

#include "crypto/AgentKey.h"
#include "crypto/CertificateReader.h"
#include "crypto/CertificateRequest.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/GnupgTool.h"
#include "crypto/GpgAgent.h"
#include "crypto/KeySexp.h"
#include "crypto/SexpKey.h"
#include "crypto/WriteLock.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

namespace sealpost::crypto {
namespace {

//! GENKEY's parameters.
std::string keyParameters(KeyKind kind) {
    const auto curve = [](std::string_view name) {
        return "(6:genkey(3:ecc(5:curve" + std::to_string(name.size()) + ":" + std::string(name) +
               ")))";
    };
    switch (kind) {
    case KeyKind::Rsa3072:
        return "(6:genkey(3:rsa(5:nbits4:3072)))";
    case KeyKind::Rsa4096:
        return "(6:genkey(3:rsa(5:nbits4:4096)))";
    case KeyKind::P256:
        return curve("NIST P-256");
    case KeyKind::P384:
        return curve("NIST P-384");
    case KeyKind::P521:
        return curve("NIST P-521");
    }
    return {};
}

CertificateStackPtr aboveOf(const std::vector<X509Ptr> &chain) {
    CertificateStackPtr stack(sk_X509_new_null());
    for (std::size_t i = 1; i < chain.size(); ++i) {
        X509_up_ref(chain[i].get());
        sk_X509_push(stack.get(), chain[i].get());
    }
    return stack;
}

} // namespace

Result<std::string> CertificateStore::requestCertificate(const RequestOrder &order,
                                                         Deadline deadline) {
    WriteLock lock(d->home);
    if (auto taken = lock.take(deadline); !taken) {
        return fail(taken.error());
    }
    auto passphrase = d->keyPassphraseForImport();
    if (!passphrase) {
        return fail(passphrase.error());
    }
    auto agent = GpgAgent::connect(d->home, deadline);
    if (!agent) {
        return fail(agent.error());
    }
    const auto made = agent->generateKey(keyParameters(order.key), *passphrase);
    if (!made) {
        return fail(made.error());
    }
    const auto publicKey = sexp::keyFrom(*made);
    const auto key =
        publicKey ? AgentKey::create(d->home, publicKey.get(), std::move(*passphrase), deadline)
                  : fail("gnupg.failed", "certs.request", Reaction::Retry, "GENKEY");
    if (!key) {
        return fail(key.error());
    }
    auto pem = makeRequest(order, (*key)->key());
    if (pem.empty()) {
        const auto detail = takeOpenSslError();
        return (*key)->lastError()
                   ? fail(*(*key)->lastError())
                   : fail("smime.sign", "certs.request", Reaction::AskAdmin, detail);
    }
    return pem;
}

Result<CardSummary> CertificateStore::readCard(Deadline deadline) {
    CardContent content;
    {
        WriteLock lock(d->home);
        if (auto taken = lock.take(deadline); !taken) {
            return fail(taken.error());
        }
        auto agent = GpgAgent::connect(d->home, deadline, PrivateKey::OnCard);
        auto read = agent ? agent->readCard() : Result<CardContent>(fail(agent.error()));
        if (!read) {
            return fail(read.error());
        }
        content = std::move(*read);
    }
    CardSummary summary;
    summary.serial = content.serial;
    summary.keys = static_cast<int>(content.keygrips.size());
    for (const auto &certificate : content.certificates) {
        auto imported = importCertificates(certificate, deadline);
        if (!imported) {
            return fail(imported.error());
        }
        summary.newlyAdded += imported->newlyAdded;
    }
    const auto known = d->keybox.content(deadline);
    if (!known) {
        return fail(known.error());
    }
    for (const auto &keygrip : content.keygrips) {
        const auto before = summary.fingerprints.size();
        for (const auto *stored : (*known)->all()) {
            if (stored->keygrip == keygrip) {
                summary.fingerprints.push_back(stored->info.fingerprint);
            }
        }
        summary.keysWithoutCertificate += summary.fingerprints.size() == before ? 1 : 0;
    }
    return summary;
}

Result<std::string> CertificateStore::exportCertificates(std::string_view fingerprint,
                                                         Deadline deadline) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    return Private::find(**content, fingerprint).transform([&](const StoredCertificate *stored) {
        std::string pem;
        for (const auto &link : d->assessor(*content).chainOf(*stored)) {
            pem += toPem(link.get());
        }
        return pem;
    });
}

Result<std::string> CertificateStore::exportPkcs12(std::string_view fingerprint,
                                                   const SecretBytes &filePassphrase,
                                                   Deadline deadline) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto found = Private::find(**content, fingerprint);
    if (!found) {
        return fail(found.error());
    }
    if (!d->home.hasKey((*found)->keygrip)) {
        return fail("smime.no-key", "certs.export", Reaction::FixInput, {}, fingerprint);
    }
    if (d->home.privateKey((*found)->keygrip) == PrivateKey::OnCard) {
        return fail("card.no-export", "certs.export", Reaction::FixInput, {}, fingerprint);
    }
    const auto passphrase = d->keyPassphrase();
    if (!passphrase) {
        return fail(passphrase.error());
    }
    auto agent = GpgAgent::connect(d->home, deadline);
    if (!agent) {
        return fail(agent.error());
    }
    const auto expression = agent->exportKey((*found)->keygrip, *passphrase);
    if (!expression) {
        return fail(expression.error());
    }
    const auto key = sexp::keyFrom(expression->view());
    // AES-256 (PBES2), PBKDF2 and MAC with SHA-256: what OpenSSL 3 and later readers have.
    constexpr int kIterations = 600'000;
    const auto above = aboveOf(d->assessor(*content).chainOf(**found));
    const std::string secret(filePassphrase.view());
    const OpenSslPtr<PKCS12, PKCS12_free> file(
        key ? PKCS12_create(secret.c_str(), (*found)->info.subject.c_str(), key.get(),
                            (*found)->x509.get(), above.get(), NID_aes_256_cbc, NID_aes_256_cbc,
                            kIterations, kIterations, 0)
            : nullptr);
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!file || !out || i2d_PKCS12_bio(out.get(), file.get()) != 1) {
        return fail("gnupg.failed", "certs.export", Reaction::Retry, takeOpenSslError());
    }
    return collected(out.get());
}

Result<void> CertificateStore::remove(std::string_view fingerprint, Removal what,
                                      Deadline deadline) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto found = Private::find(**content, fingerprint);
    if (!found) {
        return fail(found.error());
    }
    WriteLock lock(d->home);
    if (auto taken = lock.take(deadline); !taken) {
        return taken;
    }
    const auto keygrip = (*found)->keygrip;
    if (what == Removal::WithKey && d->home.hasKey(keygrip)) {
        auto agent = GpgAgent::connect(d->home, deadline);
        auto done = agent ? agent->deleteKey(keygrip) : fail(agent.error());
        if (!done) {
            return done;
        }
    }
    const auto answer =
        runGnupgTool("gpgsm", d->home.folder(),
                     {"--batch", "--no-tty", "--yes", "--delete-keys", "0x" + (*found)->info.sha1},
                     {}, deadline);
    if (!answer) {
        return fail(answer.error());
    }
    const auto now = d->keybox.content(deadline);
    if (!now) {
        return fail(now.error());
    }
    return Private::find(**now, (*found)->info.fingerprint)
               ? fail("gnupg.failed", "certs.remove", Reaction::Retry, "gpgsm --delete-keys")
               : Result<void>{};
}

} // namespace sealpost::crypto
