// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/FileCollector.h"
#include "cli/GivenFile.h"
#include "cli/PlanJson.h"
#include "cli/Text.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr ByteCount kFileLimit = 256 * base::kMiB;
constexpr std::chrono::minutes kFileTime{10};

//! What is told of a file that could not be read, by the error's code: "file.too-large".
std::string whyOf(const Error &error) {
    return error.code.substr(error.code.find('.') + 1);
}

class ScanCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("scan", "What must not leave in the clear, in files");
        m_verb.option("paths", m_paths, "Files or folders; - a mail or text on standard input")
            .required()
            .typeName("PATH");
    }

    ExitCode run(Context &context) override {
        m_started = std::chrono::steady_clock::now();
        const auto runtime = context.runtime();
        if (!runtime) {
            return context.output.fail(runtime.error());
        }
        const auto scanner = (*runtime)->scanner();
        if (!scanner) {
            return context.output.fail(scanner.error());
        }
        for (const auto &path : m_paths) {
            if (context.stop.stop_requested()) {
                break;
            }
            if (path == "-") {
                scanInput(context, **scanner);
            } else {
                scanPath(context, **scanner, toPath(path));
            }
        }
        summarise(context.output);
        if (m_findings > 0) {
            return ExitCode::Refused;
        }
        return context.stop.stop_requested() ? ExitCode::Temporary : m_trouble;
    }

private:
    void scanInput(Context &context, const scan::Scanner &scanner) {
        const auto bytes = readAll(context.in, kFileLimit);
        if (!bytes) {
            m_trouble = worse(m_trouble, context.output.badInput(
                                             QStringLiteral("input.too-large"),
                                             QStringLiteral("Standard input is too large to scan."),
                                             QStringLiteral("Scan its parts one by one.")));
            m_skipped.push_back({"-", "too-large"});
            return;
        }
        scanBytes(context, scanner, *bytes, "-", QStringLiteral("-"));
    }

    void scanPath(Context &context, const scan::Scanner &scanner,
                  const std::filesystem::path &named) {
        FileVisitor visitor;
        visitor.skip = [&](scan::Skipped skipped) { note(context.output, std::move(skipped)); };
        visitor.take = [&](const std::filesystem::path &file) {
            const auto shown = pathText(file);
            const auto content = readGivenFile(file, kFileLimit);
            if (content) {
                scanBytes(context, scanner, *content, pathText(file.filename()).toStdString(),
                          shown);
            } else if (file == named) {
                m_trouble = worse(m_trouble, context.output.fail(content.error()));
                m_skipped.push_back({shown.toStdString(), whyOf(content.error())});
            } else {
                note(context.output, {shown.toStdString(), whyOf(content.error())});
            }
        };
        visitFiles(named, context.stop, visitor);
    }

    void scanBytes(Context &context, const scan::Scanner &scanner, const std::string &bytes,
                   const std::string &name, const QString &shown) {
        auto &output = context.output;
        auto report = scanner.scanBytes(bytes, name, Deadline::after(kFileTime), context.stop);
        ++m_files;
        m_bytes += bytes.size();
        if (!report) {
            m_trouble = worse(m_trouble, output.fail(report.error()));
            m_skipped.push_back({shown.toStdString(), whyOf(report.error())});
            return;
        }
        for (const auto &finding : report->findings) {
            ++m_findings;
            if (output.json()) {
                output.object(toJson(finding, shown));
            } else {
                print(output, finding, shown);
            }
        }
        for (auto &skipped : report->skipped) {
            note(output, std::move(skipped));
        }
    }

    static void print(Output &output, const scan::Finding &finding, const QString &shown) {
        auto where = shown;
        if (!finding.location.part.empty()) {
            where += QStringLiteral(": ") + toQString(finding.location.part);
        }
        if (finding.location.line > 0) {
            where += QStringLiteral(":%1").arg(finding.location.line);
        }
        output.line(QStringLiteral("%1  %2  %3")
                        .arg(where, wording::findingName(finding),
                             QString::fromStdString(finding.excerpt)));
        output.line(
            QStringLiteral("    %1 %2").arg(wording::whyText(finding), wording::nextStep(finding)));
    }

    void note(Output &output, scan::Skipped skipped) {
        output.line(wording::text(skipped));
        m_skipped.push_back(std::move(skipped));
    }

    void summarise(Output &output) const {
        const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - m_started);
        if (!output.json()) {
            output.line(QStringLiteral("Files: %1. Findings: %2. Not looked into: %3.")
                            .arg(m_files)
                            .arg(m_findings)
                            .arg(m_skipped.size()));
            return;
        }
        QJsonArray skipped;
        for (const auto &item : m_skipped) {
            skipped.append(toJson(item));
        }
        output.object(
            {{QStringLiteral("summary"),
              QJsonObject{{QStringLiteral("files"), m_files},
                          {QStringLiteral("bytes"), static_cast<qint64>(m_bytes)},
                          {QStringLiteral("findings"), m_findings},
                          {QStringLiteral("skipped"), skipped},
                          {QStringLiteral("duration_ms"), static_cast<qint64>(spent.count())}}}});
    }

    std::vector<std::string> m_paths;
    std::chrono::steady_clock::time_point m_started;
    qint64 m_files = 0;
    qint64 m_findings = 0;
    ByteCount m_bytes = 0;
    std::vector<scan::Skipped> m_skipped;
    ExitCode m_trouble = ExitCode::Done;
};

} // namespace

std::unique_ptr<Command> makeScanCommand() {
    return std::make_unique<ScanCommand>();
}

} // namespace sealpost::cli
