// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "wording/Wording.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <optional>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTestTime{2};
constexpr std::size_t kNameLimit = 64;

Result<std::shared_ptr<store::AccountStore>> openAccounts(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->accounts();
}

QJsonObject toJson(const mail::Account &account) {
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    return {{QStringLiteral("name"), text(account.name)},
            {QStringLiteral("address"), text(account.address.spec())},
            {QStringLiteral("host"), text(account.host)},
            {QStringLiteral("port"), static_cast<int>(account.port)},
            {QStringLiteral("tls"), toQString(toString(account.tls))},
            {QStringLiteral("user"), text(account.userName)},
            {QStringLiteral("provider"), toQString(toString(account.provider))}};
}

class AddCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("add", "Add a submission account");
        m_app->fallthrough();
        m_app->add_option("name", m_name, "Your name for it")->required()->type_name("NAME");
        m_app->add_option("--address", m_address, "Your mail address")
            ->required()
            ->type_name("ADDRESS");
        m_app->add_option("--host", m_host, "The submission server")->required()->type_name("HOST");
        m_app->add_option("--port", m_port, "Default: 465, or 587 with starttls")
            ->check(CLI::Range(1, 65535))
            ->type_name("PORT");
        m_app->add_option("--tls", m_tls, "implicit or starttls")
            ->check(CLI::IsMember({"implicit", "starttls"}))
            ->type_name("MODE");
        m_userOption = m_app
                           ->add_option("--user", m_user,
                                        "User name; default: the address; empty: no password")
                           ->type_name("USER");
        m_app
            ->add_option("--password-file", m_passwordFile,
                         "The password is this file's first line; - standard input")
            ->type_name("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto account = fromOptions(output);
        if (!account) {
            return account.error();
        }
        const auto accounts = openAccounts(context);
        if (!accounts) {
            return output.fail(accounts.error());
        }
        if (const auto free = checkFree(**accounts); !free) {
            return output.fail(free.error());
        }
        if (account->userName.empty()) {
            return add(output, **accounts, *account);
        }
        const auto password = context.secret(m_passwordFile, "--password-file",
                                             "Password of " + account->userName + ": ");
        if (!password) {
            return password.error();
        }
        return addWithPassword(context, **accounts, *account, *password);
    }

private:
    [[nodiscard]] tl::expected<mail::Account, ExitCode> fromOptions(Output &output) const {
        if (m_name.empty() || m_name.size() > kNameLimit || base::hasControlCharacters(m_name)) {
            return tl::unexpected(output.usage(
                QStringLiteral("An account's name has 1 to %1 characters.").arg(kNameLimit)));
        }
        mail::Account account;
        account.name = m_name;
        const auto address = mail::Address::parse(m_address);
        if (!address) {
            return tl::unexpected(output.fail(address.error()));
        }
        account.address = *address;
        auto host = mail::toALabelDomain(m_host);
        if (!host) {
            return tl::unexpected(output.fail(host.error()));
        }
        account.host = std::move(*host);
        const auto startTls = m_tls == "starttls";
        account.tls = startTls ? mail::SubmissionTls::StartTls : mail::SubmissionTls::Implicit;
        const auto usual = startTls ? base::kSubmissionPort : base::kSubmissionsPort;
        account.port = m_port == 0 ? usual : Port{static_cast<std::uint16_t>(m_port)};
        account.userName = m_userOption->count() > 0 ? m_user : address->spec();
        if (base::hasControlCharacters(account.userName)) {
            return tl::unexpected(
                output.usage(QStringLiteral("The user name has a control character in it.")));
        }
        return account;
    }

    //! Before the keychain is written: another account's password must not be overwritten.
    [[nodiscard]] Result<void> checkFree(const store::AccountStore &accounts) const {
        const auto known = accounts.list();
        if (!known) {
            return tl::unexpected(known.error());
        }
        const auto taken = std::any_of(known->begin(), known->end(), [this](const auto &account) {
            return account.name == m_name;
        });
        if (taken) {
            return fail("account.exists", "account.add", Reaction::FixInput, {}, m_name);
        }
        return {};
    }

    static ExitCode add(Output &output, store::AccountStore &accounts,
                        const mail::Account &account) {
        const auto added = accounts.add(account);
        if (!added) {
            return output.fail(added.error());
        }
        if (output.json()) {
            output.object(toJson(account));
        }
        output.line(QStringLiteral("Account %1 added. Try it: sealpost-cli account test %1")
                        .arg(toQString(account.name)));
        return ExitCode::Done;
    }

    //! The secret first: without it there is no account.
    static ExitCode addWithPassword(Context &context, store::AccountStore &accounts,
                                    const mail::Account &account, const SecretBytes &password) {
        const auto keychain = (*context.runtime())->keychain();
        if (const auto written = keychain->write(account.keychainKey(), password); !written) {
            return context.output.fail(written.error());
        }
        const auto code = add(context.output, accounts, account);
        if (code != ExitCode::Done) {
            (void)keychain->remove(account.keychainKey());
        }
        return code;
    }

    std::string m_name;
    std::string m_address;
    std::string m_host;
    int m_port = 0;
    std::string m_tls = "implicit";
    std::string m_user;
    CLI::Option *m_userOption = nullptr;
    std::string m_passwordFile;
};

class ListCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("list", "The accounts of this profile");
        m_app->fallthrough();
    }

    ExitCode run(Context &context) override {
        const auto accounts = openAccounts(context);
        if (!accounts) {
            return context.output.fail(accounts.error());
        }
        const auto known = (*accounts)->list();
        if (!known) {
            return context.output.fail(known.error());
        }
        if (known->empty()) {
            context.output.line(QStringLiteral(
                "There is no account yet. Add one: sealpost-cli account add --help"));
        }
        std::vector<QStringList> rows;
        for (const auto &account : *known) {
            if (context.output.json()) {
                context.output.object(toJson(account));
                continue;
            }
            rows.push_back({toQString(account.name), toQString(account.address.spec()),
                            QStringLiteral("%1:%2")
                                .arg(QString::fromStdString(account.host))
                                .arg(static_cast<int>(account.port)),
                            toQString(toString(account.tls))});
        }
        context.output.table(rows);
        return ExitCode::Done;
    }
};

class TestCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("test", "Log in to an account's server; sends nothing");
        m_app->fallthrough();
        m_app->add_option("name", m_name, "The account; may be left out where there is one only")
            ->type_name("NAME");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto accounts = openAccounts(context);
        if (!accounts) {
            return output.fail(accounts.error());
        }
        const auto account = (*accounts)->find(m_name);
        if (!account) {
            return output.fail(account.error());
        }
        const auto credentials =
            submit::readCredentials(*(*context.runtime())->keychain(), *account);
        if (!credentials) {
            return output.fail(credentials.error());
        }
        const auto submitter = (*context.runtime())->submitter();
        if (!submitter) {
            return output.fail(submitter.error());
        }
        const auto outcome =
            (*submitter)->test(*account, *credentials, Deadline::after(kTestTime), context.stop);
        report(output, *account, outcome);
        return outcome.error ? output.fail(*outcome.error) : ExitCode::Done;
    }

private:
    static void report(Output &output, const mail::Account &account,
                       const submit::SubmitOutcome &outcome) {
        if (output.json()) {
            QJsonObject object{{QStringLiteral("account"), toQString(account.name)},
                               {QStringLiteral("server"), QString::fromStdString(outcome.server)},
                               {QStringLiteral("ok"), !outcome.error.has_value()}};
            if (outcome.tls) {
                object.insert(QStringLiteral("tls_version"),
                              QString::fromStdString(outcome.tls->version));
                object.insert(QStringLiteral("cipher"),
                              QString::fromStdString(outcome.tls->cipher));
            }
            output.object(object);
            return;
        }
        std::vector<QStringList> rows{
            {QStringLiteral("Server"), QString::fromStdString(outcome.server)}};
        if (outcome.tls) {
            rows.push_back(
                {QStringLiteral("TLS"),
                 QString::fromStdString(outcome.tls->version + " " + outcome.tls->cipher)});
        }
        output.table(rows);
        if (!outcome.error) {
            output.line(QStringLiteral("The account works."));
        }
    }

    std::string m_name;
};

} // namespace

std::unique_ptr<Command> makeAccountCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<AddCommand>());
    verbs.push_back(std::make_unique<ListCommand>());
    verbs.push_back(std::make_unique<TestCommand>());
    return std::make_unique<CommandGroup>("account", "Submission accounts", std::move(verbs));
}

} // namespace sealpost::cli
