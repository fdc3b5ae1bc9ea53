// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "submit/Credentials.h"
#include "submit/OAuth2Flow.h"

#include <memory>
#include <mutex>
#include <string>

namespace sealpost::submit {

//! Keeps the tokens of accounts in the OS keychain, in no other place, and renews them.
class TokenKeeper final : public TokenSource {
public:
    TokenKeeper(std::shared_ptr<crypto::Keychain> keychain, OAuthWeb web,
                std::shared_ptr<const Clock> clock)
        : m_keychain(std::move(keychain)), m_web(std::move(web)), m_clock(std::move(clock)) {}

    [[nodiscard]] OAuth2Flow flowOf(const mail::Account &account) const {
        return OAuth2Flow(account.oauth, m_web, m_clock);
    }
    //! Keychain's errors.
    [[nodiscard]] Result<void> keep(const mail::Account &account, const OAuthTokens &tokens);
    //! FixInput "oauth.no-tokens" where nobody has signed in yet; OAuth2Flow's and Keychain's
    //! errors. A refresh token that the provider has replaced is in the keychain before the new
    //! access token is used.
    [[nodiscard]] Result<base::SecretBytes> accessToken(const mail::Account &account, Wanted wanted,
                                                        Deadline deadline,
                                                        std::stop_token stop) override;

private:
    std::shared_ptr<crypto::Keychain> m_keychain;
    OAuthWeb m_web;
    std::shared_ptr<const Clock> m_clock;
    std::mutex m_mutex; //!< two renewals at once would use one refresh token twice
};

} // namespace sealpost::submit
