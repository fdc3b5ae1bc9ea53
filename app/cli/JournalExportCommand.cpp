// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/JournalVerbs.h"
#include "cli/NewFile.h"
#include "cli/Text.h"
#include "runtime/JournalUpkeep.h"
#include "store/JournalForms.h"

#include <QJsonDocument>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{5};

std::string jsonLines(const std::vector<store::JournalLine> &lines) {
    std::string out;
    for (const auto &line : lines) {
        out += QJsonDocument(store::toJson(line)).toJson(QJsonDocument::Compact).toStdString();
        out += '\n';
    }
    return out;
}

class ExportCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("export", "All lines, for another program");
        m_verb
            .option("--format", m_format,
                    "json (one object a line), csv, or what has not been sent there yet to "
                    "syslog (the server that your organisation's policy names) or eventlog "
                    "(Windows)")
            .oneOf({"json", "csv", "syslog", "eventlog"})
            .typeName("FORM");
        m_verb.option("--out", m_file, "Write into this new file").typeName("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const bool away = m_format == "syslog" || m_format == "eventlog";
        return away ? forward(context, **runtime) : write(context, **runtime);
    }

private:
    ExitCode forward(Context &context, runtime::Runtime &runtime) const {
        auto &output = context.output;
        if (!m_file.empty()) {
            return output.usage(QStringLiteral("That form goes elsewhere, not to a file."));
        }
        const bool syslog = m_format == "syslog";
        const auto sent =
            syslog ? runtime::forwardJournal(runtime, Deadline::after(kTime), context.stop)
                   : runtime::reportJournal(runtime);
        if (!sent) {
            return output.fail(sent.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("forwarded"), static_cast<qint64>(*sent)}});
        }
        const auto where = syslog ? QStringLiteral("syslog server") : QStringLiteral("event log");
        output.line(QStringLiteral("Sent to the %1. Lines: %2.").arg(where).arg(*sent));
        return ExitCode::Done;
    }

    ExitCode write(Context &context, runtime::Runtime &runtime) const {
        auto &output = context.output;
        const auto journal = runtime.journal();
        const auto lines = journal ? (*journal)->list() : fail(journal.error());
        if (!lines) {
            return output.fail(lines.error());
        }
        if (m_file.empty() && m_format == "json") {
            for (const auto &line : *lines) {
                output.object(store::toJson(line));
            }
            return ExitCode::Done;
        }
        const auto bytes = m_format == "csv" ? store::toCsv(*lines) : jsonLines(*lines);
        if (m_file.empty()) {
            output.bytes(bytes);
            return ExitCode::Done;
        }
        if (const auto done = writeNew(m_file, bytes); !done) {
            return output.fail(done.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("file"), toQString(m_file)},
                           {QStringLiteral("lines"), static_cast<qint64>(lines->size())}});
        }
        output.line(QStringLiteral("Written: %1").arg(toQString(m_file)));
        return ExitCode::Done;
    }

    std::string m_format = "json";
    std::string m_file;
};

} // namespace

std::unique_ptr<Command> makeJournalExportCommand() {
    return std::make_unique<ExportCommand>();
}

} // namespace sealpost::cli
