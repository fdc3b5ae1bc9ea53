// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Reader.h"

#include "scan/reader/Records.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

namespace sealpost::scan {

namespace {

constexpr std::chrono::milliseconds kLongest{20'000};
constexpr int kSlice = 50; //!< milliseconds between two looks at the clock
constexpr qsizetype kMostOutput = qsizetype{192} * 1024 * 1024;

QString besideUs() {
    const auto name = QStringLiteral("sealpost-reader");
    if (QCoreApplication::instance() == nullptr) {
        return {};
    }
    const auto here = QCoreApplication::applicationDirPath();
    return QStandardPaths::findExecutable(name,
                                          {here, here + QStringLiteral("/../libexec/sealpost"),
                                           here + QStringLiteral("/../lib/sealpost")});
}

void end(QProcess &process) {
    process.kill();
    process.waitForFinished(1'000);
}

} // namespace

Reader::Reader() : m_program(besideUs().toStdString()) {}

ReaderReport Reader::read(ReaderTask task, std::string_view bytes, const Patience &patience) const {
    ReaderReport report;
    if (m_program.empty()) {
        report.failure = "helper-missing";
        return report;
    }
    QProcess process;
    process.setProcessChannelMode(QProcess::SeparateChannels);
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(QString::fromStdString(m_program),
                  {task == ReaderTask::Pdf ? QStringLiteral("pdf") : QStringLiteral("image")});
    if (!process.waitForStarted(5'000)) {
        report.failure = "helper-missing";
        return report;
    }
    process.write(bytes.data(), static_cast<qint64>(bytes.size()));
    process.closeWriteChannel();
    const auto until = patience.deadline.within(kLongest);
    QByteArray output;
    while (report.failure.empty() && !process.waitForFinished(kSlice)) {
        output += process.readAllStandardOutput();
        if (process.state() == QProcess::NotRunning) {
            break;
        }
        if (until.passed() || patience.stop.stop_requested()) {
            report.failure = "took-too-long";
        } else if (output.size() > kMostOutput) {
            report.failure = "too-large";
        }
    }
    if (!report.failure.empty()) {
        end(process);
    }
    output += process.readAllStandardOutput();
    const bool whole =
        parseRecords({output.constData(), static_cast<std::size_t>(output.size())}, report.records);
    if (report.failure.empty() && !whole) {
        report.failure = "helper-failed";
    }
    return report;
}

} // namespace sealpost::scan
