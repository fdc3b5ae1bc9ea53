// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/Text.h"
#include "net/LoopbackRedirect.h"
#include "submit/TokenKeeper.h"
#include "wording/Wording.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kLoginTime{15};

//! Whether the time passed without a stop.
bool waitFor(std::chrono::seconds span, const std::stop_token &stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    return !woken.wait_for(lock, stop, span, [] { return false; }) && !stop.stop_requested();
}

class LoginCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("login", "Sign in to an account's provider (OAuth 2.0)");
        m_verb.option("name", m_name, "The account; may be left out where there is one only")
            .typeName("NAME");
        m_verb.flag("--device", m_device, "Sign in on another device, with a code");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto accounts = (*runtime)->accounts();
        if (!accounts) {
            return output.fail(accounts.error());
        }
        const auto account = (*accounts)->find(m_name);
        if (!account) {
            return output.fail(account.error());
        }
        if (account->signIn != mail::SignIn::OAuth) {
            return output.usage(QStringLiteral("The account %1 does not sign in with OAuth.")
                                    .arg(toQString(account->name)));
        }
        const auto keeper = (*runtime)->tokens();
        const auto tokens = signIn(context, keeper->flowOf(*account), *account);
        if (!tokens) {
            return output.fail(tokens.error());
        }
        if (const auto kept = keeper->keep(*account, *tokens); !kept) {
            return output.fail(kept.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("account"), toQString(account->name)},
                           {QStringLiteral("expires"),
                            QString::fromStdString(base::toIso8601(tokens->expires))},
                           {QStringLiteral("renewable"), !tokens->refresh.empty()}});
        }
        output.line(QStringLiteral("Signed in."));
        return ExitCode::Done;
    }

private:
    Result<submit::OAuthTokens> signIn(Context &context, const submit::OAuth2Flow &flow,
                                       const mail::Account &account) const {
        const auto deadline = Deadline::after(kLoginTime);
        const auto endpoints = flow.discover(deadline, context.stop);
        if (!endpoints) {
            return tl::unexpected(endpoints.error());
        }
        return m_device ? byDevice(context, flow, *endpoints, deadline)
                        : byBrowser(context, flow, *endpoints, account, deadline);
    }

    static Result<submit::OAuthTokens> byBrowser(Context &context, const submit::OAuth2Flow &flow,
                                                 const submit::OAuthEndpoints &endpoints,
                                                 const mail::Account &account, Deadline deadline) {
        auto redirect = net::LoopbackRedirect::listen();
        if (!redirect) {
            return tl::unexpected(redirect.error());
        }
        const auto request = flow.begin(endpoints, redirect->uri(), account.address.spec());
        context.output.notice(QStringLiteral("Open this address in your browser and sign in:"));
        context.output.notice(QString::fromStdString(request.url));
        const auto page =
            "<!doctype html><title>Sealpost</title><p>" + wording::signedInPage().toStdString();
        const auto query = redirect->wait(page, deadline, context.stop);
        if (!query) {
            return tl::unexpected(query.error());
        }
        return flow.finish(endpoints, request, *query, deadline, context.stop);
    }

    static Result<submit::OAuthTokens> byDevice(Context &context, const submit::OAuth2Flow &flow,
                                                const submit::OAuthEndpoints &endpoints,
                                                Deadline deadline) {
        auto request = flow.beginDevice(endpoints, deadline, context.stop);
        if (!request) {
            return tl::unexpected(request.error());
        }
        context.output.notice(QStringLiteral("On any device, open %1 and enter the code %2.")
                                  .arg(QString::fromStdString(request->verificationUri),
                                       QString::fromStdString(request->userCode)));
        for (;;) {
            if (!waitFor(request->interval, context.stop)) {
                return fail("http.stopped", "oauth", Reaction::Retry);
            }
            auto tokens = flow.poll(endpoints, *request, deadline, context.stop);
            if (!tokens) {
                return tl::unexpected(tokens.error());
            }
            if (*tokens) {
                return std::move(**tokens);
            }
        }
    }

    std::string m_name;
    bool m_device = false;
};

} // namespace

std::unique_ptr<Command> makeAccountLoginCommand() {
    return std::make_unique<LoginCommand>();
}

} // namespace sealpost::cli
