// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/AccountSignIn.h"

#include "net/LoopbackRedirect.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace sealpost::submit {

namespace {

using Show = std::function<void(const SignInPlace &)>;

//! Whether the time passed without a stop.
bool waitFor(std::chrono::seconds span, const std::stop_token &stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    return !woken.wait_for(lock, stop, span, [] { return false; }) && !stop.stop_requested();
}

Result<OAuthTokens> byBrowser(const OAuth2Flow &flow, const OAuthEndpoints &endpoints,
                              const SignInAsked &asked, const Show &show, Deadline deadline,
                              const std::stop_token &stop) {
    auto redirect = net::LoopbackRedirect::listen();
    if (!redirect) {
        return fail(redirect.error());
    }
    const auto request = flow.begin(endpoints, redirect->uri(), asked.address.spec());
    show({request.url, {}});
    const auto query =
        redirect->wait("<!doctype html><title>Sealpost</title><p>" + asked.thanks, deadline, stop);
    if (!query) {
        return fail(query.error());
    }
    return flow.finish(endpoints, request, *query, deadline, stop);
}

Result<OAuthTokens> byDevice(const OAuth2Flow &flow, const OAuthEndpoints &endpoints,
                             const Show &show, Deadline deadline, const std::stop_token &stop) {
    auto request = flow.beginDevice(endpoints, deadline, stop);
    if (!request) {
        return fail(request.error());
    }
    show({request->verificationUri, request->userCode});
    for (;;) {
        if (!waitFor(request->interval, stop)) {
            return fail("http.stopped", "oauth", Reaction::Retry);
        }
        auto tokens = flow.poll(endpoints, *request, deadline, stop);
        if (!tokens) {
            return fail(tokens.error());
        }
        if (*tokens) {
            return std::move(**tokens);
        }
    }
}

} // namespace

Result<OAuthTokens> signIn(const OAuth2Flow &flow, const SignInAsked &asked, const Show &show,
                           Deadline deadline, const std::stop_token &stop) {
    const auto endpoints = flow.discover(deadline, stop);
    if (!endpoints) {
        return fail(endpoints.error());
    }
    return asked.way == SignInWay::Device
               ? byDevice(flow, *endpoints, show, deadline, stop)
               : byBrowser(flow, *endpoints, asked, show, deadline, stop);
}

} // namespace sealpost::submit
