// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/OutboxActs.h"
#include "submit/AccountSignIn.h"
#include "submit/TokenKeeper.h"
#include "wording/Wording.h"

#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kLoginTime{15};

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
        if (const auto due = runtime::tryAgainFor(**runtime, account->name); !due) {
            return output.fail(due.error());
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
        const submit::SignInAsked asked{m_device ? submit::SignInWay::Device
                                                 : submit::SignInWay::Browser,
                                        account.address, wording::signedInPage().toStdString()};
        const auto show = [&output = context.output](const submit::SignInPlace &place) {
            const auto url = QString::fromStdString(place.url);
            if (!place.code.empty()) {
                output.notice(QStringLiteral("On any device, open %1 and enter the code %2.")
                                  .arg(url, QString::fromStdString(place.code)));
                return;
            }
            output.notice(QStringLiteral("Open this address in your browser and sign in:"));
            output.notice(url);
        };
        return submit::signIn(flow, asked, show, Deadline::after(kLoginTime), context.stop);
    }

    std::string m_name;
    bool m_device = false;
};

} // namespace

std::unique_ptr<Command> makeAccountLoginCommand() {
    return std::make_unique<LoginCommand>();
}

} // namespace sealpost::cli
