// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "submit/OAuth2Flow.h"

#include <functional>
#include <string>

namespace sealpost::submit {

//! Where a person signs in with OAuth 2.0.
enum class SignInWay {
    Browser, //!< of this computer; it comes back by itself
    Device,  //!< any device, with a code
};

struct SignInPlace {
    std::string url;  //!< https
    std::string code; //!< to type there; empty with SignInWay::Browser
};

struct SignInAsked {
    SignInWay way = SignInWay::Browser;
    mail::Address address; //!< the provider is told, so that it need not be typed again
    std::string thanks;    //!< plain text that the browser shows at the end
};

//! The whole of a sign-in: `show` is called once, with where the person has to go; then it waits
//! for the person. OAuth2Flow's and LoopbackRedirect's errors, Retry "http.stopped".
[[nodiscard]] Result<OAuthTokens> signIn(const OAuth2Flow &flow, const SignInAsked &asked,
                                         const std::function<void(const SignInPlace &)> &show,
                                         Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::submit
