// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/DoctorChecks.h"

#include <QJsonArray>
#include <algorithm>

namespace sealpost::cli {

namespace {

QString wordOf(Health state) {
    switch (state) {
    case Health::Ok:
        return QStringLiteral("ok");
    case Health::Warning:
        return QStringLiteral("warning");
    case Health::Fault:
        return QStringLiteral("fault");
    }
    return QStringLiteral("fault");
}

class DoctorCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb(
            "doctor", "The state of everything that sending needs; safe to paste to a helpdesk");
    }

    ExitCode run(Context &context) override {
        const auto lines = examine(context);
        QJsonArray array;
        std::vector<QStringList> rows;
        for (const auto &line : lines) {
            array.append(QJsonObject{{QStringLiteral("what"), line.what},
                                     {QStringLiteral("state"), wordOf(line.state)},
                                     {QStringLiteral("text"), line.text},
                                     {QStringLiteral("mend"), line.mend}});
            rows.push_back({wordOf(line.state), line.what, line.text});
            if (!line.mend.isEmpty()) {
                rows.push_back({QString(), QString(), QStringLiteral("Mend: ") + line.mend});
            }
        }
        if (context.output.json()) {
            context.output.object({{QStringLiteral("version"), QStringLiteral(SEALPOST_VERSION)},
                                   {QStringLiteral("lines"), array}});
        } else {
            context.output.line(QStringLiteral("Sealpost " SEALPOST_VERSION));
        }
        context.output.table(rows);
        const auto faulty = std::any_of(lines.begin(), lines.end(), [](const HealthLine &line) {
            return line.state == Health::Fault;
        });
        return faulty ? ExitCode::Permanent : ExitCode::Done;
    }
};

} // namespace

std::unique_ptr<Command> makeDoctorCommand() {
    return std::make_unique<DoctorCommand>();
}

} // namespace sealpost::cli
