// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/Text.h"
#include "wording/Wording.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace sealpost::cli {

namespace {

QJsonObject toJson(const store::JournalLine &line) {
    QJsonObject facts;
    for (const auto &[name, value] : line.facts) {
        facts.insert(toQString(name), toQString(value));
    }
    return {{QStringLiteral("sequence"), static_cast<qint64>(line.sequence)},
            {QStringLiteral("time"), QString::fromStdString(base::toIso8601(line.time))},
            {QStringLiteral("event"), toQString(line.event)},
            {QStringLiteral("facts"), facts},
            {QStringLiteral("chain"), QString::fromStdString(line.chain)}};
}

Result<std::shared_ptr<store::AuditJournal>> openJournal(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->journal();
}

enum class JournalForm {
    Table, //!< for people, unless --json
    Lines, //!< one JSON object a line, always
};

class ListCommand final : public SingleCommand {
public:
    ListCommand(const char *name, const char *description, JournalForm form)
        : m_name(name), m_description(description), m_form(form) {}

    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand(m_name, m_description);
        m_app->fallthrough();
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto journal = openJournal(context);
        if (!journal) {
            return output.fail(journal.error());
        }
        const auto lines = (*journal)->list();
        if (!lines) {
            return output.fail(lines.error());
        }
        std::vector<QStringList> rows;
        for (const auto &line : *lines) {
            if (m_form == JournalForm::Lines || output.json()) {
                output.object(toJson(line));
                continue;
            }
            QStringList facts;
            for (const auto &[name, value] : line.facts) {
                facts.append(QStringLiteral("%1=%2").arg(toQString(name), toQString(value)));
            }
            rows.push_back({QString::number(line.sequence), wording::timeText(line.time),
                            toQString(line.event), facts.join(QLatin1Char(' '))});
        }
        output.table(rows);
        return ExitCode::Done;
    }

private:
    const char *m_name;
    const char *m_description;
    JournalForm m_form;
};

class VerifyCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("verify", "Check that no line was changed or removed");
        m_app->fallthrough();
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto journal = openJournal(context);
        if (!journal) {
            return output.fail(journal.error());
        }
        const auto verdict = (*journal)->verify();
        if (!verdict) {
            return output.fail(verdict.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("intact"), verdict->intact},
                           {QStringLiteral("lines"), static_cast<qint64>(verdict->lines)},
                           {QStringLiteral("first_bad"), static_cast<qint64>(verdict->firstBad)},
                           {QStringLiteral("what"), QString::fromStdString(verdict->what)}});
        }
        if (verdict->intact) {
            output.line(QStringLiteral("The journal is intact. Lines: %1.").arg(verdict->lines));
            return ExitCode::Done;
        }
        output.notice(QStringLiteral("The journal is not intact: line %1 is %2.")
                          .arg(verdict->firstBad)
                          .arg(QString::fromStdString(verdict->what)));
        output.notice(QStringLiteral("Keep the profile as it is and tell your administrator."));
        return ExitCode::Permanent;
    }
};

} // namespace

std::unique_ptr<Command> makeJournalCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(
        std::make_unique<ListCommand>("list", "What was done, line by line", JournalForm::Table));
    verbs.push_back(std::make_unique<VerifyCommand>());
    verbs.push_back(std::make_unique<ListCommand>("export", "All lines as JSON, one a line",
                                                  JournalForm::Lines));
    return std::make_unique<CommandGroup>("journal", "The audit journal", std::move(verbs));
}

} // namespace sealpost::cli
