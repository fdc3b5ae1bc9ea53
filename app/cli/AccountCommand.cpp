// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "cli/AccountJson.h"
#include "cli/AccountOptions.h"
#include "cli/AccountVerbs.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/SentCopies.h"
#include "submit/LoginSteps.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace sealpost::cli {

Result<std::shared_ptr<store::AccountStore>> openAccounts(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->accounts();
}

namespace {

constexpr std::chrono::minutes kTestTime{2};
constexpr std::chrono::minutes kFindTime{1};

class AddCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("add", "Add a submission account");
        m_options.define(m_verb);
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto help = helpOf(context);
        if (!help) {
            return output.fail(help.error());
        }
        const auto account = m_options.read(*help, output);
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
        std::vector<Secret> secrets;
        if (auto code = collect(context, *account, secrets); code != ExitCode::Done) {
            return code;
        }
        return addWithSecrets(context, **accounts, *account, secrets);
    }

private:
    static Result<AccountHelp> helpOf(Context &context) {
        const auto runtime = context.runtime();
        const auto effective = runtime ? (*runtime)->effectivePolicy() : fail(runtime.error());
        if (!effective) {
            return fail(effective.error());
        }
        AccountHelp help;
        help.policy = effective->policy.accounts;
        if (help.policy.lookUpSettings) {
            help.find = [runtime = *runtime, stop = context.stop](const mail::Address &address) {
                return runtime->findAccount(address, Deadline::after(kFindTime), stop);
            };
        }
        return help;
    }

    //! What goes to the keychain, under its key there.
    using Secret = std::pair<std::string, SecretBytes>;

    ExitCode collect(Context &context, const mail::Account &account,
                     std::vector<Secret> &secrets) const {
        if (!account.userName.empty() && account.signIn == mail::SignIn::Password) {
            auto password = context.secret(m_options.passwordFile(), "--password-file",
                                           "Password of " + account.userName + ": ");
            if (!password) {
                return password.error();
            }
            secrets.emplace_back(account.keychainKey(), std::move(*password));
        }
        if (!account.certificateChainPem.empty()) {
            auto key = m_options.certificateKey(context.output);
            if (!key) {
                return key.error();
            }
            secrets.emplace_back(account.certificateKeychainKey(), std::move(*key));
        }
        return ExitCode::Done;
    }

    //! Before the keychain is written: another account's password must not be overwritten.
    [[nodiscard]] Result<void> checkFree(const store::AccountStore &accounts) const {
        const auto known = accounts.list();
        if (!known) {
            return tl::unexpected(known.error());
        }
        const auto taken = std::any_of(known->begin(), known->end(), [this](const auto &account) {
            return account.name == m_options.name();
        });
        if (taken) {
            return fail("account.exists", "account.add", Reaction::FixInput, {}, m_options.name());
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
        const bool oauth = account.signIn == mail::SignIn::OAuth;
        output.line(QStringLiteral("Account %1 added. %2: sealpost-cli account %3 %1")
                        .arg(toQString(account.name),
                             oauth ? QStringLiteral("Sign in") : QStringLiteral("Try it"),
                             oauth ? QStringLiteral("login") : QStringLiteral("test")));
        return ExitCode::Done;
    }

    //! The secrets first: without them there is no account.
    static ExitCode addWithSecrets(Context &context, store::AccountStore &accounts,
                                   const mail::Account &account,
                                   const std::vector<Secret> &secrets) {
        const auto keychain = (*context.runtime())->keychain();
        const auto forget = [&] {
            for (const auto &[key, secret] : secrets) {
                (void)keychain->remove(key);
            }
        };
        for (const auto &[key, secret] : secrets) {
            if (const auto written = keychain->write(key, secret); !written) {
                forget();
                return context.output.fail(written.error());
            }
        }
        const auto code = add(context.output, accounts, account);
        if (code != ExitCode::Done) {
            forget();
        }
        return code;
    }

    AccountOptions m_options;
};

class ListCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("list", "The accounts of this profile");
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

class ShowCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("show", "One account, without its secrets");
        m_verb.option("name", m_name, "The account; may be left out where there is one only")
            .typeName("NAME");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto accounts = openAccounts(context);
        const auto account = accounts ? (*accounts)->find(m_name) : fail(accounts.error());
        if (!account) {
            return output.fail(account.error());
        }
        if (output.json()) {
            output.object(toJson(*account));
        }
        QStringList identities;
        for (const auto &identity : account->identities) {
            identities << toQString(identity.spec());
        }
        std::vector<QStringList> rows;
        for (const auto &row : std::vector<QStringList>{
                 {QStringLiteral("Name"), toQString(account->name)},
                 {QStringLiteral("Address"), toQString(account->address.spec())},
                 {QStringLiteral("Also sends as"), identities.join(QStringLiteral(", "))},
                 {QStringLiteral("Server"), QStringLiteral("%1:%2")
                                                .arg(QString::fromStdString(account->host))
                                                .arg(static_cast<int>(account->port))},
                 {QStringLiteral("TLS"), toQString(toString(account->tls))},
                 {QStringLiteral("User"), toQString(account->userName)},
                 {QStringLiteral("Signs in by"), toQString(toString(account->signIn))},
                 {QStringLiteral("Provider"), toQString(toString(account->provider))},
                 {QStringLiteral("Client"), toQString(account->oauth.clientId)}}) {
            if (!row.at(1).isEmpty()) {
                rows.push_back(row);
            }
        }
        output.table(rows);
        return ExitCode::Done;
    }

private:
    std::string m_name;
};

class RemoveCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("remove", "Remove an account and its secrets");
        m_verb.option("name", m_name, "The account").required().typeName("NAME");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto accounts = openAccounts(context);
        const auto account = accounts ? (*accounts)->find(m_name) : fail(accounts.error());
        if (!account) {
            return output.fail(account.error());
        }
        // The secrets first: with the account gone nobody would know their names any more.
        const auto keychain = (*context.runtime())->keychain();
        for (const auto &key : {account->keychainKey(), account->certificateKeychainKey()}) {
            if (const auto removed = keychain->remove(key); !removed) {
                return output.fail(removed.error());
            }
        }
        if (const auto removed = (*accounts)->remove(account->name); !removed) {
            return output.fail(removed.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("removed"), toQString(account->name)}});
        }
        output.line(QStringLiteral("Account %1 is gone.").arg(toQString(account->name)));
        return ExitCode::Done;
    }

private:
    std::string m_name;
};

class TestCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("test", "Log in to an account's server; sends nothing");
        m_verb.option("name", m_name, "The account; may be left out where there is one only")
            .typeName("NAME");
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
        const auto credentials = submit::readCredentials(*(*context.runtime())->keychain(),
                                                         (*context.runtime())->tokens(), *account,
                                                         Deadline::after(kTestTime), context.stop);
        if (!credentials) {
            return output.fail(credentials.error());
        }
        const auto submitter = (*context.runtime())->submitter();
        if (!submitter) {
            return output.fail(submitter.error());
        }
        const auto outcome =
            (*submitter)->test(*account, *credentials, Deadline::after(kTestTime), context.stop);
        std::optional<Result<std::string>> folder;
        if (!outcome.error && !account->imapHost.empty()) {
            folder = runtime::testImap(**context.runtime(), *account, credentials->secret,
                                       Deadline::after(kTestTime), context.stop);
        }
        report(output, *account, outcome, folder);
        if (outcome.error) {
            return output.fail(*outcome.error);
        }
        return folder && !*folder ? output.fail(folder->error()) : ExitCode::Done;
    }

private:
    static QJsonArray stepsJson(const submit::SubmitOutcome &outcome) {
        QJsonArray steps;
        for (const auto &step : submit::loginSteps(outcome)) {
            steps.append(QJsonObject{{QStringLiteral("step"), toQString(step.name)},
                                     {QStringLiteral("state"), toQString(toString(step.state))}});
        }
        return steps;
    }

    //! `folder` is that of sent mail; none where it was not asked for.
    static void report(Output &output, const mail::Account &account,
                       const submit::SubmitOutcome &outcome,
                       const std::optional<Result<std::string>> &folder) {
        const bool good = !outcome.error && (!folder || *folder);
        if (output.json()) {
            QJsonObject object{
                {QStringLiteral("account"), toQString(account.name)},
                {QStringLiteral("server"), QString::fromStdString(outcome.server)},
                {QStringLiteral("sign_in"), QString::fromStdString(outcome.mechanism)},
                {QStringLiteral("ok"), good},
                {QStringLiteral("steps"), stepsJson(outcome)}};
            if (outcome.tls) {
                object.insert(QStringLiteral("tls_version"),
                              QString::fromStdString(outcome.tls->version));
                object.insert(QStringLiteral("cipher"),
                              QString::fromStdString(outcome.tls->cipher));
            }
            if (folder) {
                object.insert(QStringLiteral("sent_folder"),
                              QString::fromStdString(folder->value_or(std::string())));
            }
            output.object(object);
            return;
        }
        std::vector<QStringList> rows{
            {QStringLiteral("Server"), QString::fromStdString(outcome.server)}};
        for (const auto &step : submit::loginSteps(outcome)) {
            rows.push_back(
                {toQString(base::asciiUpper(step.name)), toQString(toString(step.state))});
        }
        if (outcome.tls) {
            rows.push_back(
                {QStringLiteral("Encryption"),
                 QString::fromStdString(outcome.tls->version + " " + outcome.tls->cipher)});
        }
        if (!outcome.mechanism.empty()) {
            rows.push_back(
                {QStringLiteral("Signed in by"), QString::fromStdString(outcome.mechanism)});
        }
        if (folder && *folder) {
            rows.push_back({QStringLiteral("Sent folder"), QString::fromStdString(**folder)});
        }
        output.table(rows);
        if (good) {
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
    verbs.push_back(std::make_unique<ShowCommand>());
    verbs.push_back(std::make_unique<TestCommand>());
    verbs.push_back(makeAccountEditCommand());
    verbs.push_back(makeAccountLoginCommand());
    verbs.push_back(makeForwardingCheckCommand());
    verbs.push_back(std::make_unique<RemoveCommand>());
    return std::make_unique<CommandGroup>("account", "Submission accounts", std::move(verbs));
}

} // namespace sealpost::cli
