// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AccountJson.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/ForwardingCheck.h"
#include "runtime/SentCopies.h"

namespace sealpost::cli {

namespace {

//! Changes what an account is allowed and what is known of its mailbox. Server, address and sign-in
//! are what it is: another one is another account.
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
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        if (!m_cjsmOption.given() && !m_sieveOption.given() && !m_imapOption.given()) {
            return output.usage(
                QStringLiteral("Say what to change: --cjsm, --sieve-server or --imap-server."));
        }
        const auto imap = runtime::imapServerFrom(m_imapServer);
        if (!m_imapServer.empty() && !imap) {
            return output.usage(
                QStringLiteral("--imap-server takes a host, or host:port, not \"%1\".")
                    .arg(toQString(m_imapServer)));
        }
        if (!m_sieveServer.empty() && !runtime::sieveServerFrom(m_sieveServer)) {
            return output.usage(
                QStringLiteral("--sieve-server takes a host, or host:port, not \"%1\".")
                    .arg(toQString(m_sieveServer)));
        }
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto accounts = (*runtime)->accounts();
        if (!accounts) {
            return output.fail(accounts.error());
        }
        auto account = (*accounts)->find(m_name);
        if (!account) {
            return output.fail(account.error());
        }
        if (m_cjsmOption.given()) {
            account->mayUseCjsm = m_cjsm == "yes";
        }
        if (m_sieveOption.given()) {
            account->sieveServer = m_sieveServer;
        }
        if (m_imapOption.given()) {
            const auto server = imap.value_or(runtime::ImapServer{});
            account->imapHost = server.host;
            account->imapPort = server.port;
        }
        if (const auto changed = (*accounts)->change(*account); !changed) {
            return output.fail(changed.error());
        }
        if (output.json()) {
            output.object(toJson(*account));
        }
        output.line(QStringLiteral("Account %1 changed.").arg(toQString(account->name)));
        return ExitCode::Done;
    }

private:
    std::string m_name;
    std::string m_cjsm;
    std::string m_sieveServer;
    VerbOption m_cjsmOption;
    VerbOption m_sieveOption;
    std::string m_imapServer;
    VerbOption m_imapOption;
};

} // namespace

std::unique_ptr<Command> makeAccountEditCommand() {
    return std::make_unique<EditCommand>();
}

} // namespace sealpost::cli
