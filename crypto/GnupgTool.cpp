// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/GnupgTool.h"

#include <QProcess>
#include <QStandardPaths>
#include <algorithm>
#include <limits>

namespace sealpost::crypto {
namespace {

constexpr auto kStage = "gnupg";

QString pathOf(const char *tool) {
    return QStandardPaths::findExecutable(QString::fromLatin1(tool));
}

int waitFor(Deadline deadline) {
    constexpr long long kMost = std::numeric_limits<int>::max();
    return static_cast<int>(std::min<long long>(deadline.remaining().count(), kMost));
}

} // namespace

bool hasGnupgTool(const char *tool) {
    return !pathOf(tool).isEmpty();
}

Result<ToolAnswer> runGnupgTool(const char *tool, const std::filesystem::path &home,
                                const std::vector<std::string> &arguments, std::string_view input,
                                Deadline deadline) {
    QStringList words{QStringLiteral("--homedir"), QString::fromStdString(home.string())};
    for (const auto &argument : arguments) {
        words << QString::fromStdString(argument);
    }
    QProcess process;
    // A daemon that the tool starts must not keep the pipe of standard error open.
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(pathOf(tool), words);
    if (!process.waitForStarted(waitFor(deadline))) {
        return fail("gnupg.missing", kStage, Reaction::AskAdmin, tool);
    }
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    if (!process.waitForFinished(waitFor(deadline))) {
        process.kill();
        process.waitForFinished(1000);
        return fail("gnupg.deadline", kStage, Reaction::Retry, tool);
    }
    if (process.exitStatus() != QProcess::NormalExit) {
        return fail("gnupg.failed", kStage, Reaction::Retry, std::string(tool) + " crashed");
    }
    return ToolAnswer{process.exitCode(), process.readAllStandardOutput().toStdString()};
}

} // namespace sealpost::crypto
