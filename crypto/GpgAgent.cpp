// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/GpgAgent.h"

#include "base/Text.h"
#include "crypto/AgentTransaction.h"
#include "crypto/GpgmeSession.h"
#include "crypto/OpenSslTypes.h"
#include "crypto/Pinentry.h"

#include <algorithm>
#include <future>
#include <gpg-error.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <thread>
#include <vector>

namespace sealpost::crypto {
namespace {

//! libgcrypt's numbers for hashes.
int gcryptHash(int nid) {
    constexpr int kSha256 = 8;
    constexpr int kSha384 = 9;
    constexpr int kSha512 = 10;
    switch (nid) {
    case NID_sha256:
        return kSha256;
    case NID_sha384:
        return kSha384;
    case NID_sha512:
        return kSha512;
    default:
        return 0;
    }
}

//! AES key wrap (RFC 3394) as KEYWRAP_KEY wants it.
std::string wrapped(const SecretBytes &expression, std::string_view wrappingKey) {
    constexpr std::size_t kBlock = 8;
    std::string padded(expression.view());
    padded.resize((padded.size() + kBlock - 1) / kBlock * kBlock, '\0');
    const SecretBytes plain(std::move(padded));
    std::string out(plain.size() + kBlock, '\0');
    const OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    const auto *key = reinterpret_cast<const unsigned char *>(wrappingKey.data());
    const auto *in = reinterpret_cast<const unsigned char *>(plain.view().data());
    auto *to = reinterpret_cast<unsigned char *>(out.data());
    int written = 0;
    constexpr std::size_t kKeySize = 16;
    if (wrappingKey.size() != kKeySize ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_128_wrap(), nullptr, key, nullptr) != 1 ||
        EVP_EncryptUpdate(context.get(), to, &written, in, static_cast<int>(plain.size())) != 1 ||
        static_cast<std::size_t>(written) != out.size()) {
        return {};
    }
    return out;
}

//! The reverse; empty where it does not fit.
SecretBytes unwrapped(std::string_view data, std::string_view wrappingKey) {
    constexpr std::size_t kBlock = 8;
    constexpr std::size_t kKeySize = 16;
    if (data.size() < 3 * kBlock || wrappingKey.size() != kKeySize) {
        return {};
    }
    std::string out(data.size() + kBlock, '\0');
    const OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    int written = 0;
    const bool good =
        EVP_DecryptInit_ex(context.get(), EVP_aes_128_wrap(), nullptr,
                           reinterpret_cast<const unsigned char *>(wrappingKey.data()),
                           nullptr) == 1 &&
        EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char *>(out.data()), &written,
                          reinterpret_cast<const unsigned char *>(data.data()),
                          static_cast<int>(data.size())) == 1;
    out.resize(good ? static_cast<std::size_t>(written) : 0);
    return SecretBytes(std::move(out));
}

tl::unexpected<Error> wrongPassphrase() {
    return fail("keychain.locked", "gnupg", Reaction::FixInput,
                "the passphrase in the keychain does not open the key");
}

bool isWrongPassphrase(const GpgME::Error &error) {
    return error.code() == GPG_ERR_BAD_PASSPHRASE;
}

Result<std::unique_ptr<GpgmeSession>> openSession(const GnupgHome &home, PrivateKey place,
                                                  Deadline deadline) {
    const auto options = place == PrivateKey::OnCard
                             ? pinentryOptions()
                             : std::vector<std::string>{"pinentry-mode=loopback"};
    for (bool started = false;; started = true) {
        auto session = GpgmeSession::agent(home, deadline);
        if (!session) {
            return session;
        }
        GpgME::Error error;
        for (const auto &option : options) {
            error = transact((*session)->context(), "OPTION " + option, {}, nullptr);
            if (error.encodedError() != 0) {
                break;
            }
        }
        if (error.encodedError() == 0) {
            return session;
        }
        if (started || deadline.passed()) {
            return fail((*session)->check(error, "connecting to gpg-agent").error());
        }
        auto launched = home.startAgent(deadline);
        if (!launched) {
            return fail(launched.error());
        }
    }
}

} // namespace

GpgAgent::GpgAgent(std::unique_ptr<GpgmeSession> session, PrivateKey place)
    : m_session(std::move(session)), m_place(place) {}
GpgAgent::GpgAgent(GpgAgent &&other) noexcept = default;
GpgAgent::~GpgAgent() = default;

Result<GpgAgent> GpgAgent::connect(const GnupgHome &home, Deadline deadline, PrivateKey place) {
    // GpgME can't be cancelled while it waits for the agent's greeting: where the agent hangs, the
    // wait is left to a thread of its own, which ends when the agent does.
    std::promise<Result<std::unique_ptr<GpgmeSession>>> promise;
    auto session = promise.get_future();
    std::thread([home, place, deadline, opened = std::move(promise)]() mutable {
        opened.set_value(openSession(home, place, deadline));
    }).detach();
    if (session.wait_for(deadline.remaining()) != std::future_status::ready) {
        return fail("gnupg.deadline", "gnupg", Reaction::Retry, "connecting to gpg-agent");
    }
    return session.get().transform(
        [&](std::unique_ptr<GpgmeSession> &&ready) { return GpgAgent(std::move(ready), place); });
}

Result<void> GpgAgent::check(const GpgME::Error &error, const char *what) const {
    if (m_place == PrivateKey::OnCard) {
        if (auto ofCard = cardError(error)) {
            return fail(std::move(*ofCard));
        }
    }
    return m_session->check(error, what);
}

Result<KeyImport> GpgAgent::importKey(const SecretBytes &expression,
                                      const SecretBytes &passphrase) {
    auto &context = m_session->context();
    std::string wrappingKey;
    auto error = transact(context, "KEYWRAP_KEY --import", {}, &wrappingKey);
    const SecretBytes key(std::move(wrappingKey));
    if (auto done = m_session->check(error, "KEYWRAP_KEY"); !done) {
        return fail(done.error());
    }
    const auto data = wrapped(expression, key.view());
    if (data.empty()) {
        return fail("gnupg.failed", "import", Reaction::Retry, "key wrap");
    }
    error = transact(context, "IMPORT_KEY",
                     {{"KEYDATA", data}, {"NEW_PASSPHRASE", passphrase.view()}}, nullptr);
    if (error.code() == GPG_ERR_EEXIST) {
        return KeyImport::WasThere;
    }
    if (auto done = m_session->check(error, "IMPORT_KEY"); !done) {
        return fail(done.error());
    }
    return KeyImport::Added;
}

Result<std::string> GpgAgent::generateKey(std::string_view parameters,
                                          const SecretBytes &passphrase) {
    std::string publicKey;
    const auto error =
        transact(m_session->context(), "GENKEY --inq-passwd",
                 {{"KEYPARAM", parameters}, {"NEWPASSWD", passphrase.view()}}, &publicKey);
    if (auto done = m_session->check(error, "GENKEY"); !done) {
        return fail(done.error());
    }
    return publicKey;
}

Result<SecretBytes> GpgAgent::exportKey(const std::string &keygrip, const SecretBytes &passphrase) {
    auto &context = m_session->context();
    std::string wrappingKey;
    auto error = transact(context, "KEYWRAP_KEY --export", {}, &wrappingKey);
    const SecretBytes key(std::move(wrappingKey));
    if (auto done = m_session->check(error, "KEYWRAP_KEY"); !done) {
        return fail(done.error());
    }
    std::string data;
    error = transact(context, "EXPORT_KEY " + keygrip, {{"PASSPHRASE", passphrase.view()}}, &data);
    if (isWrongPassphrase(error)) {
        return wrongPassphrase();
    }
    if (auto done = m_session->check(error, "EXPORT_KEY"); !done) {
        return fail(done.error());
    }
    auto expression = unwrapped(data, key.view());
    if (expression.empty()) {
        return fail("gnupg.failed", "export", Reaction::Retry, "key wrap");
    }
    return expression;
}

Result<void> GpgAgent::deleteKey(const std::string &keygrip) {
    return m_session->check(
        transact(m_session->context(), "DELETE_KEY --force " + keygrip, {}, nullptr), "DELETE_KEY");
}

Result<std::string> GpgAgent::sign(const std::string &keygrip, int hash, std::string_view digest,
                                   const SecretBytes &passphrase) {
    auto &context = m_session->context();
    const auto setHash = "SETHASH " + std::to_string(gcryptHash(hash)) + " " + base::toHex(digest);
    for (const auto &command : {"SIGKEY " + keygrip, setHash}) {
        if (auto done = check(transact(context, command, {}, nullptr), "SIGKEY"); !done) {
            return fail(done.error());
        }
    }
    std::string signature;
    const auto error = transact(context, "PKSIGN", {{"PASSPHRASE", passphrase.view()}}, &signature);
    if (isWrongPassphrase(error)) {
        return wrongPassphrase();
    }
    if (auto done = check(error, "PKSIGN"); !done) {
        return fail(done.error());
    }
    return signature;
}

Result<AgentPlain> GpgAgent::decrypt(const std::string &keygrip, std::string_view expression,
                                     const SecretBytes &passphrase) {
    auto &context = m_session->context();
    if (auto done = check(transact(context, "SETKEY " + keygrip, {}, nullptr), "SETKEY"); !done) {
        return fail(done.error());
    }
    std::string plain;
    std::vector<AgentStatus> statuses;
    const auto error = transact(context, "PKDECRYPT",
                                {{"CIPHERTEXT", expression}, {"PASSPHRASE", passphrase.view()}},
                                &plain, &statuses);
    AgentPlain secret{SecretBytes(std::move(plain)), false};
    if (isWrongPassphrase(error)) {
        return wrongPassphrase();
    }
    if (auto done = check(error, "PKDECRYPT"); !done) {
        return fail(done.error());
    }
    secret.unpadded = std::any_of(statuses.begin(), statuses.end(), [](const AgentStatus &status) {
        return status.keyword == "PADDING" && status.arguments == "0";
    });
    return secret;
}

} // namespace sealpost::crypto
