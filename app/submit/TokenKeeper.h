// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "submit/Credentials.h"
#include "submit/OAuth2Flow.h"

#include <map>
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
    //! access token is used; where the keychain was locked meanwhile, it is kept in memory, used,
    //! and written as soon as that can be: the old one is worth nothing any more.
    [[nodiscard]] Result<base::SecretBytes> accessToken(const mail::Account &account, Wanted wanted,
                                                        Deadline deadline,
                                                        std::stop_token stop) override;

private:
    //! Tokens that could not be written, and the refresh token that they came of.
    struct Unwritten {
        OAuthTokens tokens;
        SecretBytes replaced;
    };
    [[nodiscard]] Result<OAuthTokens> held(const mail::Account &account);
    [[nodiscard]] Result<OAuthTokens> stored(const mail::Account &account);

    std::shared_ptr<crypto::Keychain> m_keychain;
    OAuthWeb m_web;
    std::shared_ptr<const Clock> m_clock;
    std::map<std::string, Unwritten> m_unwritten; //!< by Account::keychainKey()
    std::mutex m_mutex; //!< two renewals at once would use one refresh token twice
};

} // namespace sealpost::submit
