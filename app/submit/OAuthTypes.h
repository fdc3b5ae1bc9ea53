// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "mail/Account.h"

#include <chrono>
#include <string>

namespace sealpost::submit {

using OAuthClient = mail::OAuthSettings;

//! What the provider's discovery document says (OpenID Connect Discovery §3, RFC 8414).
struct OAuthEndpoints {
    std::string issuer;
    std::string authorization;
    std::string token;
    std::string device;            //!< empty: it has none
    bool issuerInResponse = false; //!< RFC 9207: the redirect names it
};

struct OAuthTokens {
    SecretBytes access;
    SecretBytes refresh; //!< empty: the provider gave none
    Time expires{};      //!< of the access token

    //! What is kept in the OS keychain, and nowhere else.
    [[nodiscard]] SecretBytes toSecret() const;
    //! FixInput "oauth.no-tokens" where it is none.
    [[nodiscard]] static Result<OAuthTokens> fromSecret(const SecretBytes &secret);
};

//! A sign-in that has begun in the browser.
struct OAuthRequest {
    std::string url; //!< to open
    std::string redirectUri;
    std::string state;
    std::string nonce;
    SecretBytes verifier; //!< PKCE (RFC 7636 §4.1)
};

//! A sign-in that is done on another device (RFC 8628).
struct OAuthDeviceRequest {
    std::string verificationUri;
    std::string userCode;
    SecretBytes deviceCode;
    std::chrono::seconds interval{5};
    Time expires{};
};

} // namespace sealpost::submit
