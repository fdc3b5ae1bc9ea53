// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <fstream>
#include <iterator>
#include <string>

namespace sealpost::test {

//! Signs bundles of rules as docs/policy.md tells an administrator to: by the very commands of the
//! `openssl` program. Failures end the test program.
class BundleSigner {
public:
    //! `keyOptions`: of `openssl req -newkey`.
    explicit BundleSigner(const QStringList &keyOptions = {QStringLiteral("rsa:3072")}) {
        run(QStringList{QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey")} +
            keyOptions +
            QStringList{QStringLiteral("-nodes"), QStringLiteral("-keyout"), at("signer.key"),
                        QStringLiteral("-out"), at("signer.pem"), QStringLiteral("-days"),
                        QStringLiteral("825"), QStringLiteral("-subj"),
                        QStringLiteral("/CN=Sealpost policy")});
    }

    //! As `openssl x509 -fingerprint -sha256` prints it, with colons.
    [[nodiscard]] std::string fingerprint() const {
        const auto out = run({QStringLiteral("x509"), QStringLiteral("-in"), at("signer.pem"),
                              QStringLiteral("-noout"), QStringLiteral("-fingerprint"),
                              QStringLiteral("-sha256")});
        return out.mid(out.indexOf('=') + 1).trimmed().toStdString();
    }

    //! `more` takes the place of docs/policy.md's "-nodetach -outform DER".
    [[nodiscard]] std::string sign(const std::string &document,
                                   const QStringList &more = {QStringLiteral("-nodetach"),
                                                              QStringLiteral("-outform"),
                                                              QStringLiteral("DER")}) const {
        std::ofstream(at("policy.toml").toStdString(), std::ios::binary) << document;
        run(QStringList{QStringLiteral("cms"), QStringLiteral("-sign"), QStringLiteral("-binary")} +
            more +
            QStringList{QStringLiteral("-in"), at("policy.toml"), QStringLiteral("-signer"),
                        at("signer.pem"), QStringLiteral("-inkey"), at("signer.key"),
                        QStringLiteral("-out"), at("policy.bundle")});
        std::ifstream stream(at("policy.bundle").toStdString(), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    //! "signer.pem" or "signer.key".
    [[nodiscard]] QString file(const char *name) const { return at(name); }

private:
    [[nodiscard]] QString at(const char *name) const {
        return m_folder.filePath(QLatin1String(name));
    }
    static QByteArray run(const QStringList &arguments) {
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"), arguments);
        if (!openssl.waitForFinished(30'000) || openssl.exitCode() != 0) {
            qFatal("openssl %s: %s", qPrintable(arguments.join(QLatin1Char(' '))),
                   openssl.readAllStandardError().constData());
        }
        return openssl.readAllStandardOutput();
    }

    QTemporaryDir m_folder;
};

} // namespace sealpost::test
