// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "net/HttpsClient.h"
#include "submit/OAuthTypes.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::submit {

class FormFields;

//! How the provider is spoken to; tests put a provider of their own in its place.
struct OAuthWeb {
    std::function<Result<std::string>(const std::string &url, Deadline, std::stop_token)> get;
    std::function<Result<net::HttpResponse>(const std::string &url, const SecretBytes &form,
                                            Deadline, std::stop_token)>
        post;

    //! https over libcurl.
    [[nodiscard]] static OAuthWeb real(const std::optional<std::string> &caFile);
};

//! OAuth 2.0 for a program on a desktop (RFC 6749, RFC 8252) with OpenID Connect's checks. No
//! state of its own; any thread.
//!
//! Errors beside those of http: AskAdmin "oauth.discovery" (what the issuer says of itself can't be
//! used), "oauth.state", "oauth.issuer", "oauth.nonce", "oauth.audience" (an answer that is not to
//! what was asked, or not for this program: somebody may be interfering), "oauth.response" (it
//! makes no sense; detail: OAuth's own error code), "oauth.no-device"; FixInput "oauth.denied" (the
//! person or the provider said no), "oauth.sign-in" (the grant has expired or was revoked: sign in
//! again), "oauth.code-expired" (of a device), "oauth.clock" (what was made for this sign-in has
//! run out already).
class OAuth2Flow {
public:
    OAuth2Flow(OAuthClient client, OAuthWeb web, std::shared_ptr<const Clock> clock)
        : m_client(std::move(client)), m_web(std::move(web)), m_clock(std::move(clock)) {}

    [[nodiscard]] Result<OAuthEndpoints> discover(Deadline deadline, std::stop_token stop) const;

    [[nodiscard]] OAuthRequest begin(const OAuthEndpoints &endpoints,
                                     const std::string &redirectUri,
                                     const std::string &loginHint) const;
    //! `query`: what the browser brought back to the redirect.
    [[nodiscard]] Result<OAuthTokens> finish(const OAuthEndpoints &endpoints,
                                             const OAuthRequest &request, const std::string &query,
                                             Deadline deadline, std::stop_token stop) const;

    [[nodiscard]] Result<OAuthDeviceRequest>
    beginDevice(const OAuthEndpoints &endpoints, Deadline deadline, std::stop_token stop) const;
    //! Asks once: none while the person has not finished; `request.interval` grows where the
    //! provider wants it.
    [[nodiscard]] Result<std::optional<OAuthTokens>> poll(const OAuthEndpoints &endpoints,
                                                          OAuthDeviceRequest &request,
                                                          Deadline deadline,
                                                          std::stop_token stop) const;

    //! New tokens; the refresh token of before where the provider does not rotate.
    [[nodiscard]] Result<OAuthTokens> refresh(const OAuthEndpoints &endpoints,
                                              const OAuthTokens &tokens, Deadline deadline,
                                              std::stop_token stop) const;

private:
    [[nodiscard]] Result<std::string> ask(const std::string &url, FormFields &form,
                                          Deadline deadline, std::stop_token stop) const;
    [[nodiscard]] Result<OAuthTokens> tokensFrom(const std::string &body,
                                                 const OAuthEndpoints &endpoints,
                                                 const std::optional<std::string> &nonce) const;

    OAuthClient m_client;
    OAuthWeb m_web;
    std::shared_ptr<const Clock> m_clock;
};

} // namespace sealpost::submit
