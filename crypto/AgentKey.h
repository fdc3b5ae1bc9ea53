// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/GnupgHome.h"
#include "crypto/GpgAgent.h"
#include "crypto/OpenSslTypes.h"

#include <memory>
#include <optional>
#include <string>

namespace sealpost::crypto {

//! An EVP_PKEY whose private half is in gpg-agent, or on a card behind it: signs with RSA (PKCS#1
//! v1.5, PSS) and ECDSA, decrypts with RSA (PKCS#1 v1.5, OAEP) and ECDH. Private to this room. One
//! thread; must outlive what uses key().
class AgentKey {
public:
    //! FixInput "smime.no-key" where the certificate's key is of a kind that gpg-agent can't hold.
    [[nodiscard]] static Result<std::unique_ptr<AgentKey>> create(const GnupgHome &home,
                                                                  const X509 *certificate,
                                                                  SecretBytes passphrase,
                                                                  Deadline deadline);
    //! The same for a key that has no certificate yet.
    [[nodiscard]] static Result<std::unique_ptr<AgentKey>> create(const GnupgHome &home,
                                                                  const EVP_PKEY *certified,
                                                                  SecretBytes passphrase,
                                                                  Deadline deadline);
    AgentKey(const AgentKey &) = delete;
    AgentKey &operator=(const AgentKey &) = delete;

    [[nodiscard]] EVP_PKEY *key() const { return m_key.get(); }
    //! What the agent said when an operation of OpenSSL's failed.
    [[nodiscard]] const std::optional<Error> &lastError() const { return m_lastError; }

    //! For OpenSSL's call-backs. None on failure, which lastError() then explains.
    [[nodiscard]] std::optional<std::string> sign(int hash, std::string_view digest);
    [[nodiscard]] std::optional<AgentPlain> decrypt(std::string_view expression);

private:
    AgentKey(const GnupgHome &home, SecretBytes passphrase, Deadline deadline)
        : m_home(home), m_passphrase(std::move(passphrase)), m_deadline(deadline) {}

    [[nodiscard]] Result<GpgAgent> connect() const;

    const GnupgHome &m_home;
    SecretBytes m_passphrase;
    Deadline m_deadline;
    std::string m_keygrip;
    PrivateKey m_place = PrivateKey::Absent;
    std::optional<Error> m_lastError;
    KeyPtr m_key;
};

} // namespace sealpost::crypto
