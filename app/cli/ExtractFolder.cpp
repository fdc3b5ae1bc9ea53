// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/ExtractFolder.h"

#include "cli/Text.h"

#include <QFile>
#include <system_error>

namespace sealpost::cli {

namespace {

constexpr int kMostTries = 1'000;

tl::unexpected<Error> failed(const QString &name) {
    return fail("extract.failed", "open.extract", Reaction::FixInput, {}, name.toStdString());
}

//! "report.pdf", "report-2.pdf", …
QString numbered(const QString &name, int number) {
    if (number == 1) {
        return name;
    }
    const auto dot = name.lastIndexOf(QLatin1Char('.'));
    const auto stem = dot > 0 ? name.left(dot) : name;
    const auto rest = dot > 0 ? name.mid(dot) : QString();
    return QStringLiteral("%1-%2%3").arg(stem).arg(number).arg(rest);
}

Result<QString> writeNew(const std::filesystem::path &folder, const QString &name,
                         const std::string &content) {
    for (int number = 1; number <= kMostTries; ++number) {
        const auto chosen = numbered(name, number);
        const auto path = folder / toPath(chosen.toStdString());
        QFile file(pathText(path));
        if (file.exists()) {
            continue;
        }
        // NewOnly follows no link and writes over nothing.
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly)) {
            return failed(chosen);
        }
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        if (file.write(content.data(), static_cast<qint64>(content.size())) !=
                static_cast<qint64>(content.size()) ||
            !file.flush()) {
            return failed(chosen);
        }
        return chosen;
    }
    return failed(name);
}

bool isDeviceName(const QString &name) {
    static const QStringList kDevices = {
        QStringLiteral("con"),  QStringLiteral("prn"),  QStringLiteral("aux"),
        QStringLiteral("nul"),  QStringLiteral("com1"), QStringLiteral("com2"),
        QStringLiteral("com3"), QStringLiteral("com4"), QStringLiteral("lpt1"),
        QStringLiteral("lpt2"), QStringLiteral("lpt3")};
    return kDevices.contains(name.section(QLatin1Char('.'), 0, 0).toLower());
}

} // namespace

QString harmlessName(const std::string &name, const QString &fallback) {
    constexpr qsizetype kLongest = 120;
    QString safe;
    for (const auto c : QString::fromStdString(name)) {
        const bool bad =
            QStringLiteral("/\\:*?\"<>|").contains(c) || c.category() == QChar::Other_Control ||
            c.category() == QChar::Other_Format || c.category() == QChar::Separator_Line ||
            c.category() == QChar::Separator_Paragraph;
        safe += bad ? QLatin1Char('_') : c;
    }
    safe = safe.trimmed();
    while (safe.startsWith(QLatin1Char('.'))) {
        safe.remove(0, 1);
    }
    while (safe.endsWith(QLatin1Char('.'))) {
        safe.chop(1);
    }
    safe = safe.right(kLongest); // the end has the file's type
    return safe.isEmpty() || isDeviceName(safe) ? fallback : safe;
}

Result<QStringList> extractInto(const std::filesystem::path &folder,
                                const receive::OpenedMessage &message) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return failed(pathText(folder));
    }
    QStringList written;
    const auto add = [&](const QString &name, const std::string &content) -> Result<void> {
        return writeNew(folder, name, content).transform([&](const QString &chosen) {
            written.append(chosen);
        });
    };
    if (auto done = add(QStringLiteral("message.txt"), message.text.value_or(std::string()));
        !done) {
        return fail(done.error());
    }
    int number = 0;
    for (const auto &part : message.attachments) {
        ++number;
        const auto fallback = QStringLiteral("part-%1").arg(number);
        if (auto done = add(harmlessName(part.fileName, fallback), part.content); !done) {
            return fail(done.error());
        }
    }
    return written;
}

} // namespace sealpost::cli
