// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gnupg/MailPki.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"

#include <QRegularExpression>

namespace sealpost::test {

//! NSS's cmsutil with a database of its own, which has one person's key: what Thunderbird reads.
class NssCommand {
public:
    explicit NssCommand(const MailIdentity &who) {
        need(run("certutil", {QStringLiteral("-N"), QStringLiteral("--empty-password")}));
        authority("root", mailPki().root, "CT,C,C");
        authority("intermediate", mailPki().intermediate, ",,");
        const auto file =
            m_files.put("p12", mailPki().pkcs12(who, "secret", Pkcs12Form::Legacy3Des));
        need(run("pk12util", {QStringLiteral("-i"), file, QStringLiteral("-W"),
                              QStringLiteral("secret"), QStringLiteral("-K"), QString()}));
        m_nick = nickOf(run("certutil", {QStringLiteral("-L")}).out);
    }

    [[nodiscard]] bool verifies(const std::string &cms, const std::string &content) const {
        const auto input = m_files.put("cms", cms);
        const auto read = run("cmsutil", {QStringLiteral("-D"), QStringLiteral("-i"), input});
        const auto told =
            run("cmsutil", {QStringLiteral("-D"), QStringLiteral("-n"), QStringLiteral("-h"),
                            QStringLiteral("1"), QStringLiteral("-i"), input});
        return read.exitCode == 0 && read.out == content &&
               told.out.find("status=GoodSignature") != std::string::npos;
    }
    [[nodiscard]] bool decrypts(const std::string &cms, const std::string &content) const {
        const auto read =
            run("cmsutil", {QStringLiteral("-D"), QStringLiteral("-i"), m_files.put("cms", cms)});
        return read.exitCode == 0 && read.out == content;
    }
    [[nodiscard]] std::string sign(const std::string &content, const QString &hash) const {
        return run("cmsutil", {QStringLiteral("-S"), QStringLiteral("-G"), QStringLiteral("-P"),
                               QStringLiteral("-N"), m_nick, QStringLiteral("-H"), hash,
                               QStringLiteral("-i"), m_files.put("m", content)})
            .out;
    }
    [[nodiscard]] std::string encrypt(const std::string &content) const {
        return run("cmsutil", {QStringLiteral("-E"), QStringLiteral("-r"), m_nick,
                               QStringLiteral("-i"), m_files.put("m", content)})
            .out;
    }

private:
    OpenSslCommand::Answer run(const char *program, QStringList arguments) const {
        QProcess process;
        arguments << QStringLiteral("-d") << QStringLiteral("sql:") + m_database.path();
        process.start(QString::fromLatin1(program), arguments);
        process.closeWriteChannel();
        process.waitForFinished();
        return {process.exitCode(), process.readAllStandardOutput().toStdString(),
                QString::fromUtf8(process.readAllStandardError())};
    }
    static void need(const OpenSslCommand::Answer &answer) {
        if (answer.exitCode != 0) {
            qFatal("nss: %s", qPrintable(answer.said));
        }
    }
    void authority(const char *name, const MailIdentity &one, const char *trust) const {
        need(run("certutil", {QStringLiteral("-A"), QStringLiteral("-n"), QString::fromLatin1(name),
                              QStringLiteral("-t"), QString::fromLatin1(trust),
                              QStringLiteral("-i"), m_files.put(name, one.certificatePem())}));
    }
    //! The line whose trust is "u,u,u": the certificate with a key.
    static QString nickOf(const std::string &list) {
        const QRegularExpression line(QStringLiteral("^(.*\\S)\\s+u,u,u"),
                                      QRegularExpression::MultilineOption);
        return line.match(QString::fromStdString(list)).captured(1);
    }

    QTemporaryDir m_database;
    OpenSslCommand m_files;
    QString m_nick;
};

} // namespace sealpost::test
