// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SystemRoots.h"

#include "crypto/TlsPeerVerifier.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace sealpost;

class tst_SystemRoots : public QObject {
    Q_OBJECT
private slots:
    void names_data();
    void names();
    void environmentGoesFirst();
    void aRootOfTheFolderIsTrusted();
};

void tst_SystemRoots::names_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("counts");
    QTest::newRow("hashed") << QStringLiteral("5ad8a5d6.0") << true;
    QTest::newRow("the tenth of its name") << QStringLiteral("00673b5b.10") << true;
    QTest::newRow("one file of all") << QStringLiteral("ca-certificates.crt") << false;
    QTest::newRow("a revocation list") << QStringLiteral("5ad8a5d6.r0") << false;
    QTest::newRow("no number") << QStringLiteral("5ad8a5d6.") << false;
    QTest::newRow("nine digits") << QStringLiteral("5ad8a5d60.0") << false;
    QTest::newRow("nothing") << QString() << false;
}

void tst_SystemRoots::names() {
    QFETCH(QString, name);
    QFETCH(bool, counts);
    const QTemporaryDir folder;
    if (!name.isEmpty()) {
        QVERIFY(QFile(folder.filePath(name)).open(QIODevice::WriteOnly));
    }
    QCOMPARE(crypto::hasHashedRoots(folder.path().toStdString()), counts);
    QVERIFY(!crypto::hasHashedRoots(folder.filePath(QStringLiteral("none")).toStdString()));
}

void tst_SystemRoots::environmentGoesFirst() {
    for (const char *name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
        qputenv(name, "/somewhere");
        QCOMPARE(crypto::hashedRootsFolder(), std::string());
        qunsetenv(name);
    }
}

void tst_SystemRoots::aRootOfTheFolderIsTrusted() {
    const auto folder = crypto::hashedRootsFolder();
    if (folder.empty()) {
        QSKIP("no hashed folder of roots on this system");
    }
    const QDir roots(QString::fromStdString(folder));
    const auto names = roots.entryList({QStringLiteral("*.0")}, QDir::Files);
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> file(
        BIO_new_file(roots.filePath(names.front()).toLocal8Bit().constData(), "r"), BIO_free_all);
    const std::unique_ptr<X509, decltype(&X509_free)> root(
        PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr), X509_free);
    QVERIFY(root != nullptr);
    crypto::TlsPeerInfo peer;
    const auto verifier = crypto::TlsPeerVerifier::create(std::nullopt);
    QVERIFY(verifier.has_value());
    (void)verifier->judge(root.get(), nullptr, {"court.example", {}}, peer);
    using crypto::PeerProblem;
    for (const auto problem : {PeerProblem::SelfSigned, PeerProblem::UntrustedRoot}) {
        QVERIFY(std::ranges::find(peer.problems, problem) == peer.problems.end());
    }
}

QTEST_GUILESS_MAIN(tst_SystemRoots)
#include "tst_SystemRoots.moc"
