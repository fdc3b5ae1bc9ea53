// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <string>

namespace sealpost::test {

//! The openssl command in a folder of its own: another reader of what we write.
class OpenSslCommand {
public:
    QString put(const char *name, const std::string &bytes) const {
        const auto path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0) {
            qFatal("%s", name);
        }
        return path;
    }
    struct Answer {
        int exitCode = -1;
        std::string out;
        QString said;
    };
    static Answer run(const QStringList &arguments) {
        QProcess process;
        process.start(QStringLiteral("openssl"), arguments);
        process.waitForFinished();
        return {process.exitCode(), process.readAllStandardOutput().toStdString(),
                QString::fromUtf8(process.readAllStandardError())};
    }

private:
    QTemporaryDir m_folder;
};

} // namespace sealpost::test
