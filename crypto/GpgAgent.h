// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/GnupgHome.h"

#include <gpgme++/error.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

class GpgmeSession;

enum class KeyImport { Added, WasThere };

//! What an encrypted value was.
struct AgentPlain {
    SecretBytes expression; //!< an S-expression
    bool unpadded = false;  //!< the card has taken RSA's padding off already
};

//! What is on a smart card or token.
struct CardContent {
    std::string serial;                    //!< hexadecimal
    std::vector<std::string> keygrips;     //!< the agent knows these keys now
    std::vector<std::string> certificates; //!< DER
};

//! The card's own reasons, in the errors of CertificateStore; none where it is none of them.
[[nodiscard]] std::optional<Error> cardError(const GpgME::Error &error);

//! A conversation with the gpg-agent of one home: no command line, and no pinentry but for keys on
//! cards. One thread. Private to this room. Errors: CertificateStore's "gnupg.…" and "card.…";
//! FixInput "keychain.locked" where the passphrase does not open the key.
class GpgAgent {
public:
    //! Starts the agent where none runs. For keys on a card the system's pinentry asks the person
    //! for the PIN or the card; for the others nobody is ever asked.
    [[nodiscard]] static Result<GpgAgent> connect(const GnupgHome &home, Deadline deadline,
                                                  PrivateKey place = PrivateKey::InAgent);
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
    [[nodiscard]] Result<AgentPlain>
    decrypt(const std::string &keygrip, std::string_view expression, const SecretBytes &passphrase);
    //! Reads the card in the reader; its keys can be used from then on. No PIN is needed.
    [[nodiscard]] Result<CardContent> readCard();

private:
    GpgAgent(std::unique_ptr<GpgmeSession> session, PrivateKey place);
    [[nodiscard]] Result<void> check(const GpgME::Error &error, const char *what) const;

    std::unique_ptr<GpgmeSession> m_session;
    PrivateKey m_place;
};

} // namespace sealpost::crypto
