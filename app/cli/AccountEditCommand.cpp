// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AccountJson.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/ForwardingCheck.h"
#include "runtime/SentCopies.h"

#include <CLI/CLI.hpp>

namespace sealpost::cli {

namespace {

//! Changes what an account is allowed and what is known of its mailbox. Server, address and sign-in
//! are what it is: another one is another account.
class EditCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("edit", "Change an account's settings");
        m_app->fallthrough();
        m_app->add_option("name", m_name, "The account; may be left out where there is one only")
            ->type_name("NAME");
        m_cjsmOption =
            m_app->add_option("--cjsm", m_cjsm, "Whether it may send through CJSM: yes or no")
                ->check(CLI::IsMember({"yes", "no"}))
                ->type_name("YES|NO");
        m_sieveOption = m_app
                            ->add_option("--sieve-server", m_sieveServer,
                                         "The server of the mailbox's rules; \"\": none")
                            ->type_name("HOST[:PORT]");
        m_imapOption =
            m_app
                ->add_option("--imap-server", m_imapServer,
                             "The server of the mailbox whose Sent folder gets copies; \"\": none")
                ->type_name("HOST[:PORT]");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        if (m_cjsmOption->count() + m_sieveOption->count() + m_imapOption->count() == 0) {
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
        if (m_cjsmOption->count() > 0) {
            account->mayUseCjsm = m_cjsm == "yes";
        }
        if (m_sieveOption->count() > 0) {
            account->sieveServer = m_sieveServer;
        }
        if (m_imapOption->count() > 0) {
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
    CLI::Option *m_cjsmOption = nullptr;
    CLI::Option *m_sieveOption = nullptr;
    std::string m_imapServer;
    CLI::Option *m_imapOption = nullptr;
};

} // namespace

std::unique_ptr<Command> makeAccountEditCommand() {
    return std::make_unique<EditCommand>();
}

} // namespace sealpost::cli
