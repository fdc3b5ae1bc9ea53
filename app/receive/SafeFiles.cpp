// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/SafeFiles.h"

#include <QFile>
#include <QSet>
#include <system_error>

namespace sealpost::receive {

namespace {

constexpr int kMostTries = 1'000;

QString pathText(const std::filesystem::path &path) {
    const auto utf8 = path.u8string();
    return QString::fromUtf8(reinterpret_cast<const char *>(utf8.data()),
                             static_cast<qsizetype>(utf8.size()));
}

std::filesystem::path toPath(const std::string &utf8) {
    return {std::u8string(utf8.begin(), utf8.end())};
}

tl::unexpected<Error> failed(const QString &name) {
    return fail("extract.failed", "extract.write", Reaction::FixInput, {}, name.toStdString());
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

bool runsWhenOpened(const QString &name) {
    // What Windows, macOS or a Linux desktop runs, or hands to something that runs it.
    static const QSet<QString> kRunning = {
        QStringLiteral("exe"),      QStringLiteral("com"),     QStringLiteral("scr"),
        QStringLiteral("pif"),      QStringLiteral("bat"),     QStringLiteral("cmd"),
        QStringLiteral("ps1"),      QStringLiteral("vbs"),     QStringLiteral("vbe"),
        QStringLiteral("js"),       QStringLiteral("jse"),     QStringLiteral("wsf"),
        QStringLiteral("wsh"),      QStringLiteral("hta"),     QStringLiteral("msi"),
        QStringLiteral("msp"),      QStringLiteral("msix"),    QStringLiteral("appx"),
        QStringLiteral("lnk"),      QStringLiteral("url"),     QStringLiteral("reg"),
        QStringLiteral("cpl"),      QStringLiteral("dll"),     QStringLiteral("jar"),
        QStringLiteral("iso"),      QStringLiteral("img"),     QStringLiteral("vhd"),
        QStringLiteral("vhdx"),     QStringLiteral("one"),     QStringLiteral("chm"),
        QStringLiteral("docm"),     QStringLiteral("dotm"),    QStringLiteral("xlsm"),
        QStringLiteral("xltm"),     QStringLiteral("xlam"),    QStringLiteral("pptm"),
        QStringLiteral("sh"),       QStringLiteral("run"),     QStringLiteral("desktop"),
        QStringLiteral("appimage"), QStringLiteral("deb"),     QStringLiteral("rpm"),
        QStringLiteral("app"),      QStringLiteral("command"), QStringLiteral("dmg"),
        QStringLiteral("pkg"),      QStringLiteral("scpt"),    QStringLiteral("py"),
        QStringLiteral("html"),     QStringLiteral("htm"),     QStringLiteral("svg")};
    return kRunning.contains(name.section(QLatin1Char('.'), -1).trimmed().toLower());
}

Result<QStringList> saveAttachments(const std::filesystem::path &folder,
                                    const std::vector<mail::MessagePart> &parts) {
    QStringList written;
    int number = 0;
    for (const auto &part : parts) {
        const auto fallback = QStringLiteral("part-%1").arg(++number);
        const auto chosen = writeNew(folder, harmlessName(part.fileName, fallback), part.content);
        if (!chosen) {
            return fail(chosen.error());
        }
        written.append(*chosen);
    }
    return written;
}

Result<QStringList> extractInto(const std::filesystem::path &folder, const OpenedMessage &message) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return failed(pathText(folder));
    }
    const auto text = writeNew(folder, QStringLiteral("message.txt"), message.text.value_or(""));
    if (!text) {
        return fail(text.error());
    }
    return saveAttachments(folder, message.attachments).transform([&](QStringList written) {
        written.prepend(*text);
        return written;
    });
}

} // namespace sealpost::receive
