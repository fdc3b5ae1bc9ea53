// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/ClientCertificate.h"
#include "crypto/Keychain.h"
#include "mail/Account.h"

#include <memory>
#include <utility>

namespace sealpost::submit {

//! What an account proves itself by.
struct Credentials {
    Credentials() = default;
    explicit Credentials(base::SecretBytes bytes) : secret(std::move(bytes)) {}

    base::SecretBytes secret; //!< password or access token, as the account signs in
    std::shared_ptr<const crypto::ClientCertificate> certificate; //!< for TLS; null: none
};

//! Out of the keychain. FixInput "account.no-password", "account.no-certificate-key" where it has
//! none; Keychain's errors.
[[nodiscard]] Result<Credentials> readCredentials(crypto::Keychain &keychain,
                                                  const mail::Account &account);

} // namespace sealpost::submit
