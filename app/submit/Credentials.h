// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/ClientCertificate.h"
#include "crypto/Keychain.h"
#include "mail/Account.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace sealpost::submit {

//! What an account proves itself by.
struct Credentials {
    Credentials() = default;
    explicit Credentials(base::SecretBytes bytes) : secret(std::move(bytes)) {}

    base::SecretBytes secret; //!< password or access token, as the account signs in
    //! With an access token: a fresh one, where the server does not accept it any more.
    std::function<Result<base::SecretBytes>()> renew;
    std::shared_ptr<const crypto::ClientCertificate> certificate; //!< for TLS; null: none
};

//! Access tokens of accounts that sign in with OAuth 2.0. Any thread.
class TokenSource {
public:
    TokenSource() = default;
    TokenSource(const TokenSource &) = delete;
    TokenSource &operator=(const TokenSource &) = delete;
    virtual ~TokenSource() = default;
    //! One that is good for a while; a new one where `Renewed` is asked for or the one of before
    //! has run out.
    enum class Wanted { Usable, Renewed };
    [[nodiscard]] virtual Result<base::SecretBytes> accessToken(const mail::Account &account,
                                                                Wanted wanted, Deadline deadline,
                                                                std::stop_token stop) = 0;
};

//! Out of the keychain. FixInput "account.no-password", "account.no-certificate-key" where it has
//! none; Keychain's and TokenSource's errors. `tokens` may be null where no account has OAuth.
[[nodiscard]] Result<Credentials> readCredentials(crypto::Keychain &keychain,
                                                  const std::shared_ptr<TokenSource> &tokens,
                                                  const mail::Account &account, Deadline deadline,
                                                  const std::stop_token &stop);

} // namespace sealpost::submit
