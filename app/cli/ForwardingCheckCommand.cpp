// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AccountVerbs.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/ForwardingCheck.h"

#include <QJsonArray>
#include <chrono>

namespace sealpost::cli {

namespace {

using runtime::ForwardingProblem;
using runtime::ForwardingReport;
using runtime::ForwardingRule;

constexpr std::chrono::minutes kTime{2};

QJsonObject toJson(const ForwardingReport &report, const mail::Account &account) {
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    QJsonArray scripts;
    for (const auto &script : report.scripts) {
        scripts.append(QJsonObject{{QStringLiteral("name"), text(script.name)},
                                   {QStringLiteral("active"), script.active}});
    }
    QJsonArray rules;
    for (const auto &rule : report.rules) {
        rules.append(
            QJsonObject{{QStringLiteral("script"), text(rule.script)},
                        {QStringLiteral("line"), static_cast<qint64>(rule.line)},
                        {QStringLiteral("address"), text(rule.address)},
                        {QStringLiteral("assurance"), toQString(base::toString(rule.assurance))},
                        {QStringLiteral("problem"), toQString(toString(rule.problem))}});
    }
    return {{QStringLiteral("account"), text(account.name)},
            {QStringLiteral("server"), text(report.server)},
            {QStringLiteral("scripts"), scripts},
            {QStringLiteral("rules"), rules}};
}

QString sentence(const ForwardingRule &rule) {
    switch (rule.problem) {
    case ForwardingProblem::None:
        return QStringLiteral("to your own organisation");
    case ForwardingProblem::Outside:
        return QStringLiteral("outside your organisation");
    case ForwardingProblem::Weaker:
        return QStringLiteral("to a domain that does not protect mail well enough (%1)")
            .arg(toQString(base::toString(rule.assurance)));
    case ForwardingProblem::Unknown:
        return rule.address.empty() ? QStringLiteral("a script that can't be read")
                                    : QStringLiteral("where to is only known when it acts");
    }
    return {};
}

void print(Output &output, const ForwardingReport &report) {
    output.line(QStringLiteral("Rules on %1: %2")
                    .arg(QString::fromStdString(report.server),
                         report.rules.empty() ? QStringLiteral("none sends mail on")
                                              : QString::number(report.rules.size())));
    std::vector<QStringList> rows;
    for (const auto &rule : report.rules) {
        rows.push_back({QStringLiteral("  %1, line %2")
                            .arg(QString::fromStdString(rule.script))
                            .arg(rule.line),
                        QString::fromStdString(rule.address), sentence(rule)});
    }
    output.table(rows);
}

class ForwardingCheckCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb =
            parent.addVerb("forwarding-check",
                           "Ask the mailbox's server for rules that send mail on; changes nothing");
        m_verb.option("name", m_name, "The account; may be left out where there is one only")
            .typeName("NAME");
        m_verb.option("--server", m_server, "Instead of the account's --sieve-server")
            .typeName("HOST[:PORT]");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto accounts = openAccounts(context);
        auto account = accounts ? (*accounts)->find(m_name) : fail(accounts.error());
        if (!account) {
            return output.fail(account.error());
        }
        if (!m_server.empty()) {
            if (!runtime::sieveServerFrom(m_server)) {
                return output.usage(QStringLiteral("--server takes a host, or host:port, not "
                                                   "\"%1\".")
                                        .arg(toQString(m_server)));
            }
            account->sieveServer = m_server;
        }
        const auto report =
            (*context.runtime())->forwardingReport(*account, Deadline::after(kTime), context.stop);
        if (!report) {
            return output.fail(report.error());
        }
        if (output.json()) {
            output.object(toJson(*report, *account));
        }
        print(output, *report);
        if (!report->hasProblem()) {
            return ExitCode::Done;
        }
        output.notice(QStringLiteral(
            "Mail may go on only to your own organisation or to one that protects it as well. Take "
            "the rule out in your webmail, or ask your administrator."));
        return ExitCode::Refused;
    }

private:
    std::string m_name;
    std::string m_server;
};

} // namespace

std::unique_ptr<Command> makeForwardingCheckCommand() {
    return std::make_unique<ForwardingCheckCommand>();
}

} // namespace sealpost::cli
