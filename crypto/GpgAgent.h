// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/GnupgHome.h"

#include <memory>
#include <string>
#include <string_view>

namespace sealpost::crypto {

class GpgmeSession;

enum class KeyImport { Added, WasThere };

//! A conversation with the gpg-agent of one home: no pinentry, no command line. One thread.
//! Private to this room. Errors: CertificateStore's "gnupg.…"; FixInput "keychain.locked" where
//! the passphrase does not open the key.
class GpgAgent {
public:
    //! Starts the agent where none runs.
    [[nodiscard]] static Result<GpgAgent> connect(const GnupgHome &home, Deadline deadline);
    GpgAgent(GpgAgent &&other) noexcept;
    ~GpgAgent();

    //! `expression` as of sexp::privateKey; the agent protects it with `passphrase`.
    [[nodiscard]] Result<KeyImport> importKey(const SecretBytes &expression,
                                              const SecretBytes &passphrase);
    //! Makes a key, protected with `passphrase`; its public part as an S-expression. `parameters`
    //! is a canonical "(genkey…)".
    [[nodiscard]] Result<std::string> generateKey(std::string_view parameters,
                                                  const SecretBytes &passphrase);
    //! The private key as an S-expression, unprotected.
    [[nodiscard]] Result<SecretBytes> exportKey(const std::string &keygrip,
                                                const SecretBytes &passphrase);
    [[nodiscard]] Result<void> deleteKey(const std::string &keygrip);
    //! The signature as an S-expression over a digest; `hash` is its OpenSSL NID.
    [[nodiscard]] Result<std::string> sign(const std::string &keygrip, int hash,
                                           std::string_view digest, const SecretBytes &passphrase);
    //! The plain value as an S-expression out of an enc-val expression.
    [[nodiscard]] Result<SecretBytes>
    decrypt(const std::string &keygrip, std::string_view expression, const SecretBytes &passphrase);

private:
    explicit GpgAgent(std::unique_ptr<GpgmeSession> session);
    std::unique_ptr<GpgmeSession> m_session;
};

} // namespace sealpost::crypto
