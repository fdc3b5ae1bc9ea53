// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/GpgAgent.h"

#include "base/Text.h"
#include "crypto/GpgmeSession.h"
#include "crypto/OpenSslTypes.h"

#include <future>
#include <gpg-error.h>
#include <gpgme++/data.h>
#include <gpgme++/interfaces/assuantransaction.h>
#include <map>
#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <thread>

namespace sealpost::crypto {
namespace {

using Answers = std::map<std::string_view, std::string_view>;

//! Collects what the agent sends and answers what it asks; the answers outlive it.
class Transaction final : public GpgME::AssuanTransaction {
public:
    explicit Transaction(Answers answers, std::string *out)
        : m_answers(std::move(answers)), m_out(out) {}

    GpgME::Error data(const char *bytes, size_t size) override {
        // Grown by hand, because a secret must not stay behind in an abandoned allocation.
        if (m_out->size() + size > m_out->capacity()) {
            std::string larger;
            larger.reserve((m_out->size() + size) * 2);
            larger = *m_out;
            base::wipe(*m_out);
            m_out->swap(larger);
        }
        m_out->append(bytes, size);
        return {};
    }
    GpgME::Data inquire(const char *name, const char *, GpgME::Error &error) override {
        const auto answer = m_answers.find(name);
        if (answer == m_answers.end()) {
            error = GpgME::Error(gpg_error(GPG_ERR_CANCELED));
            return GpgME::Data::null;
        }
        constexpr bool kNoCopy = false;
        return {answer->second.data(), answer->second.size(), kNoCopy};
    }
    GpgME::Error status(const char *, const char *) override { return {}; }

private:
    Answers m_answers;
    std::string *m_out;
};

GpgME::Error transact(GpgME::Context &context, const std::string &command, Answers answers,
                      std::string *out) {
    std::string ignored;
    return context.assuanTransact(
        command.c_str(),
        std::make_unique<Transaction>(std::move(answers), out != nullptr ? out : &ignored));
}

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

Result<std::unique_ptr<GpgmeSession>> openSession(const GnupgHome &home, Deadline deadline) {
    constexpr auto kLoopback = "OPTION pinentry-mode=loopback";
    for (bool started = false;; started = true) {
        auto session = GpgmeSession::agent(home, deadline);
        if (!session) {
            return session;
        }
        const auto error = transact((*session)->context(), kLoopback, {}, nullptr);
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

GpgAgent::GpgAgent(std::unique_ptr<GpgmeSession> session) : m_session(std::move(session)) {}
GpgAgent::GpgAgent(GpgAgent &&other) noexcept = default;
GpgAgent::~GpgAgent() = default;

Result<GpgAgent> GpgAgent::connect(const GnupgHome &home, Deadline deadline) {
    // GpgME can't be cancelled while it waits for the agent's greeting: where the agent hangs, the
    // wait is left to a thread of its own, which ends when the agent does.
    std::promise<Result<std::unique_ptr<GpgmeSession>>> promise;
    auto session = promise.get_future();
    std::thread([home, deadline, opened = std::move(promise)]() mutable {
        opened.set_value(openSession(home, deadline));
    }).detach();
    if (session.wait_for(deadline.remaining()) != std::future_status::ready) {
        return fail("gnupg.deadline", "gnupg", Reaction::Retry, "connecting to gpg-agent");
    }
    return session.get().transform(
        [](std::unique_ptr<GpgmeSession> &&ready) { return GpgAgent(std::move(ready)); });
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
        if (auto done = m_session->check(transact(context, command, {}, nullptr), "SIGKEY");
            !done) {
            return fail(done.error());
        }
    }
    std::string signature;
    const auto error = transact(context, "PKSIGN", {{"PASSPHRASE", passphrase.view()}}, &signature);
    if (isWrongPassphrase(error)) {
        return wrongPassphrase();
    }
    if (auto done = m_session->check(error, "PKSIGN"); !done) {
        return fail(done.error());
    }
    return signature;
}

Result<SecretBytes> GpgAgent::decrypt(const std::string &keygrip, std::string_view expression,
                                      const SecretBytes &passphrase) {
    auto &context = m_session->context();
    if (auto done = m_session->check(transact(context, "SETKEY " + keygrip, {}, nullptr), "SETKEY");
        !done) {
        return fail(done.error());
    }
    std::string plain;
    const auto error =
        transact(context, "PKDECRYPT",
                 {{"CIPHERTEXT", expression}, {"PASSPHRASE", passphrase.view()}}, &plain);
    SecretBytes secret(std::move(plain));
    if (isWrongPassphrase(error)) {
        return wrongPassphrase();
    }
    if (auto done = m_session->check(error, "PKDECRYPT"); !done) {
        return fail(done.error());
    }
    return secret;
}

} // namespace sealpost::crypto
