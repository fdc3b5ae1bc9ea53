// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "crypto/SignedDocument.h"
#include "support/BundleSigner.h"

#include <QTest>

using namespace sealpost;
using crypto::openSigned;

namespace {

constexpr const char *kDocument = "# rules\n[bundle]\nversion = 1\n\xC3\xA9\n";

std::string plain(std::string fingerprint) {
    fingerprint.erase(std::remove(fingerprint.begin(), fingerprint.end(), ':'), fingerprint.end());
    return base::asciiLower(fingerprint);
}

Time now() {
    return base::SystemClock().now();
}

std::string codeOf(const Result<crypto::SignedDocument> &result) {
    return result ? "ok" : result.error().code;
}

} // namespace

class TstSignedDocument : public QObject {
    Q_OBJECT
private slots:
    void asTheManualSigns_data();
    void asTheManualSigns();
    void otherSignerIsRefused();
    void oneOfTwoSignersIsNotEnough();
    void everyChangedByteIsNoticed();
    void truncatedOrOther_data();
    void truncatedOrOther();
    void detachedIsRefused();
    void weakDigestIsRefused();
    void weakKeyIsRefused();
    void certificateOutOfDate();

private:
    test::BundleSigner m_signer;
    std::set<std::string> m_pinned{plain(m_signer.fingerprint())};
};

void TstSignedDocument::asTheManualSigns_data() {
    QTest::addColumn<QString>("form");
    QTest::newRow("der") << QStringLiteral("DER");
    QTest::newRow("pem") << QStringLiteral("PEM");
}

void TstSignedDocument::asTheManualSigns() {
    QFETCH(QString, form);
    const auto cms =
        m_signer.sign(kDocument, {QStringLiteral("-nodetach"), QStringLiteral("-outform"), form});
    const auto opened = openSigned(cms, m_pinned, now());
    QCOMPARE(codeOf(opened), "ok");
    QCOMPARE(opened->content, kDocument);
    QCOMPARE(opened->signer, *m_pinned.begin());
    QVERIFY(opened->signedAt);
    QVERIFY(std::chrono::abs(*opened->signedAt - now()) < std::chrono::minutes(5));
}

void TstSignedDocument::otherSignerIsRefused() {
    const auto cms = m_signer.sign(kDocument);
    const auto none = openSigned(cms, {}, now());
    QCOMPARE(codeOf(none), "bundle.signer");
    QVERIFY(none.error().reaction == Reaction::AskAdmin);
    QCOMPARE(none.error().subject, *m_pinned.begin());
    QCOMPARE(codeOf(openSigned(cms, {std::string(64, 'a')}, now())), "bundle.signer");
}

void TstSignedDocument::oneOfTwoSignersIsNotEnough() {
    const test::BundleSigner other({QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                                    QStringLiteral("ec_paramgen_curve:P-256")});
    QTemporaryDir folder;
    const auto first = folder.filePath(QStringLiteral("first")).toStdString();
    const auto both = folder.filePath(QStringLiteral("both"));
    std::ofstream(first, std::ios::binary) << m_signer.sign(kDocument);
    QProcess openssl;
    openssl.start(QStringLiteral("openssl"),
                  {QStringLiteral("cms"), QStringLiteral("-resign"), QStringLiteral("-binary"),
                   QStringLiteral("-inform"), QStringLiteral("DER"), QStringLiteral("-outform"),
                   QStringLiteral("DER"), QStringLiteral("-nodetach"), QStringLiteral("-in"),
                   QString::fromStdString(first), QStringLiteral("-signer"),
                   other.file("signer.pem"), QStringLiteral("-inkey"), other.file("signer.key"),
                   QStringLiteral("-out"), both});
    QVERIFY(openssl.waitForFinished(30'000) && openssl.exitCode() == 0);
    std::ifstream stream(both.toStdString(), std::ios::binary);
    const std::string cms{std::istreambuf_iterator<char>(stream), {}};
    QCOMPARE(codeOf(openSigned(cms, m_pinned, now())), "bundle.signer");
    auto all = m_pinned;
    all.insert(plain(other.fingerprint()));
    QCOMPARE(codeOf(openSigned(cms, all, now())), "ok");
}

void TstSignedDocument::everyChangedByteIsNoticed() {
    const auto good = m_signer.sign(kDocument);
    int accepted = 0;
    for (std::size_t at = 0; at < good.size(); at += 3) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x04);
        const auto opened = openSigned(bad, m_pinned, now());
        // What is not signed (the structure's own version numbers) may differ; content may not.
        if (opened) {
            ++accepted;
            QCOMPARE(opened->content, kDocument);
            QCOMPARE(opened->signer, *m_pinned.begin());
        }
    }
    QVERIFY(accepted < 5);
}

void TstSignedDocument::truncatedOrOther_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto good = QByteArray::fromStdString(m_signer.sign(kDocument));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half") << good.left(good.size() / 2);
    QTest::newRow("the-document-itself") << QByteArray(kDocument);
    QTest::newRow("web-page") << QByteArray("<!DOCTYPE html><title>Sign in</title>");
    QTest::newRow("pem-of-nothing") << QByteArray("-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n");
}

void TstSignedDocument::truncatedOrOther() {
    QFETCH(QByteArray, bytes);
    QCOMPARE(codeOf(openSigned(bytes.toStdString(), m_pinned, now())), "bundle.unreadable");
}

void TstSignedDocument::detachedIsRefused() {
    const auto cms = m_signer.sign(kDocument, {QStringLiteral("-outform"), QStringLiteral("DER")});
    QCOMPARE(codeOf(openSigned(cms, m_pinned, now())), "bundle.unreadable");
}

void TstSignedDocument::weakDigestIsRefused() {
    const auto cms = m_signer.sign(kDocument, {QStringLiteral("-nodetach"),
                                               QStringLiteral("-outform"), QStringLiteral("DER"),
                                               QStringLiteral("-md"), QStringLiteral("sha1")});
    const auto opened = openSigned(cms, m_pinned, now());
    // A system's security level may refuse SHA-1 before we do.
    QVERIFY2(codeOf(opened) == "bundle.weak" || codeOf(opened) == "bundle.signature",
             codeOf(opened).c_str());
}

void TstSignedDocument::weakKeyIsRefused() {
    const test::BundleSigner weak({QStringLiteral("rsa:1024")});
    const auto opened = openSigned(weak.sign(kDocument), {plain(weak.fingerprint())}, now());
    QCOMPARE(codeOf(opened), "bundle.weak");
    QCOMPARE(opened.error().logSafeDetail, "RSA 1024");
}

void TstSignedDocument::certificateOutOfDate() {
    const auto cms = m_signer.sign(kDocument);
    QCOMPARE(codeOf(openSigned(cms, m_pinned, now() + std::chrono::days(900))),
             "bundle.signer-expired");
    QCOMPARE(codeOf(openSigned(cms, m_pinned, now() - std::chrono::days(2))),
             "bundle.signer-expired");
}

QTEST_GUILESS_MAIN(TstSignedDocument)
#include "tst_SignedDocument.moc"
