// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/JournalVerbs.h"
#include "cli/Text.h"
#include "store/JournalForms.h"
#include "wording/Wording.h"

namespace sealpost::cli {

namespace {

class ListCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("list", "What was done, line by line");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        const auto journal = runtime ? (*runtime)->journal() : fail(runtime.error());
        const auto lines = journal ? (*journal)->list() : fail(journal.error());
        if (!lines) {
            return output.fail(lines.error());
        }
        std::vector<QStringList> rows;
        for (const auto &line : *lines) {
            if (output.json()) {
                output.object(store::toJson(line));
                continue;
            }
            QStringList facts;
            for (const auto &[name, value] : store::shownFacts(line)) {
                facts.append(QStringLiteral("%1=%2").arg(toQString(name), toQString(value)));
            }
            rows.push_back({QString::number(line.sequence), wording::timeText(line.time),
                            toQString(line.event), facts.join(QLatin1Char(' '))});
        }
        output.table(rows);
        return ExitCode::Done;
    }
};

} // namespace

std::unique_ptr<Command> makeJournalCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<ListCommand>());
    verbs.push_back(makeJournalVerifyCommand());
    verbs.push_back(makeJournalExportCommand());
    return std::make_unique<CommandGroup>("journal", "The audit journal", std::move(verbs));
}

} // namespace sealpost::cli
