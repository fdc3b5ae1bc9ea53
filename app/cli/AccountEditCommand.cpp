// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AccountJson.h"
#include "cli/AccountVerbs.h"
#include "cli/CertsVerbs.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/ForwardingCheck.h"
#include "runtime/OutboxActs.h"
#include "runtime/SentCopies.h"
#include "runtime/SigningCertificate.h"

#include <chrono>
#include <optional>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{1};

//! Changes what an account is allowed, what is known of its mailbox, its certificate and password.
//! Server, address and the way to sign in are what it is: another one is another account.
class EditCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("edit", "Change an account's settings");
        m_verb.option("name", m_name, "The account; may be left out where there is one only")
            .typeName("NAME");
        m_cjsmOption =
            m_verb.option("--cjsm", m_cjsm, "Whether it may send through CJSM: yes or no")
                .oneOf({"yes", "no"})
                .typeName("YES|NO");
        m_sieveOption = m_verb
                            .option("--sieve-server", m_sieveServer,
                                    "The server of the mailbox's rules; \"\": none")
                            .typeName("HOST[:PORT]");
        m_imapOption =
            m_verb
                .option("--imap-server", m_imapServer,
                        "The server of the mailbox whose Sent folder gets copies; \"\": none")
                .typeName("HOST[:PORT]");
        m_signingOption =
            m_verb
                .option("--signing-certificate", m_signing,
                        "Sign with this one of your certificates, at least 8 digits of its "
                        "fingerprint; \"\": the best for the address")
                .typeName("FINGERPRINT");
        m_passwordOption = m_verb
                               .option("--password-file", m_passwordFile,
                                       "A new password: this file's first line; - standard input")
                               .typeName("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        if (const auto bad = mistake()) {
            return output.usage(*bad);
        }
        const auto accounts = openAccounts(context);
        auto account = accounts ? (*accounts)->find(m_name) : fail(accounts.error());
        if (!account) {
            return output.fail(account.error());
        }
        if (const auto done = apply(context, *account); !done) {
            return output.fail(done.error());
        }
        if (const auto changed = (*accounts)->change(*account); !changed) {
            return output.fail(changed.error());
        }
        if (const auto code = changePassword(context, *account); code != ExitCode::Done) {
            return code;
        }
        if (output.json()) {
            output.object(toJson(*account));
        }
        output.line(QStringLiteral("Account %1 changed.").arg(toQString(account->name)));
        return ExitCode::Done;
    }

private:
    [[nodiscard]] std::optional<QString> mistake() const {
        if (!m_cjsmOption.given() && !m_sieveOption.given() && !m_imapOption.given() &&
            !m_signingOption.given() && !m_passwordOption.given()) {
            return QStringLiteral("Say what to change: --cjsm, --sieve-server, --imap-server, "
                                  "--signing-certificate or --password-file.");
        }
        if (!m_imapServer.empty() && !runtime::imapServerFrom(m_imapServer)) {
            return QStringLiteral("--imap-server takes a host, or host:port, not \"%1\".")
                .arg(toQString(m_imapServer));
        }
        if (!m_sieveServer.empty() && !runtime::sieveServerFrom(m_sieveServer)) {
            return QStringLiteral("--sieve-server takes a host, or host:port, not \"%1\".")
                .arg(toQString(m_sieveServer));
        }
        return std::nullopt;
    }

    Result<void> apply(Context &context, mail::Account &account) const {
        if (m_passwordOption.given() && account.signIn != mail::SignIn::Password) {
            return fail("account.no-password-wanted", "account.edit", Reaction::FixInput, {},
                        account.name);
        }
        if (m_signingOption.given()) {
            auto fingerprint = m_signing.empty() ? Result<std::string>(std::string())
                                                 : signingCertificate(context, account);
            if (!fingerprint) {
                return fail(fingerprint.error());
            }
            account.signingFingerprint = std::move(*fingerprint);
        }
        if (m_cjsmOption.given()) {
            account.mayUseCjsm = m_cjsm == "yes";
        }
        if (m_sieveOption.given()) {
            account.sieveServer = m_sieveServer;
        }
        if (m_imapOption.given()) {
            const auto server =
                runtime::imapServerFrom(m_imapServer).value_or(runtime::ImapServer{});
            account.imapHost = server.host;
            account.imapPort = server.port;
        }
        return {};
    }

    Result<std::string> signingCertificate(Context &context, const mail::Account &account) const {
        const auto store = openStore(context);
        return store ? runtime::signingCertificate(**store, account, m_signing,
                                                   Deadline::after(kTime), context.stop)
                     : fail(store.error());
    }

    ExitCode changePassword(Context &context, const mail::Account &account) const {
        if (!m_passwordOption.given()) {
            return ExitCode::Done;
        }
        const auto password = context.secret(m_passwordFile, "--password-file",
                                             "Password of " + account.userName + ": ");
        if (!password) {
            return password.error();
        }
        auto &runtime = **context.runtime();
        auto kept = runtime.keychain()->write(account.keychainKey(), *password);
        kept = kept ? runtime::tryAgainFor(runtime, account.name) : kept;
        return kept ? ExitCode::Done : context.output.fail(kept.error());
    }

    std::string m_name;
    std::string m_cjsm;
    std::string m_sieveServer;
    VerbOption m_cjsmOption;
    VerbOption m_sieveOption;
    std::string m_imapServer;
    VerbOption m_imapOption;
    std::string m_signing;
    VerbOption m_signingOption;
    std::string m_passwordFile;
    VerbOption m_passwordOption;
};

} // namespace

std::unique_ptr<Command> makeAccountEditCommand() {
    return std::make_unique<EditCommand>();
}

} // namespace sealpost::cli
