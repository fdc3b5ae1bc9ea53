// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"
#include "support/MemoryKeychain.h"

#include <QFile>
#include <QJsonArray>
#include <QLockFile>
#include <QtTest>

using namespace sealpost::test;

namespace {

QByteArray contentOf(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

//! The journal and its receipts, as others see them.
class TestCliJournal : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void signedAfterASending();
    void exportedAsCsv();
    void exportedIntoAFile();
    void syslogNeedsAServer();
    void receiptsOfBothForms_data();
    void receiptsOfBothForms();
    void receiptOfNothing();
    void profileGoesAlong();
    void storeUnderANewKey();

private:
    [[nodiscard]] Ran journal(const QStringList &args) const {
        return m_cli.json(QStringList(QStringLiteral("journal")) + args);
    }

    CliHarness m_cli;
};

void TestCliJournal::initTestCase() {
    const auto sent = m_cli.json({QStringLiteral("send"), QStringLiteral("--to"),
                                  QStringLiteral("jo.bloggs@court.practice.example")},
                                 "Hello\n");
    VERIFY_CODE(sent, 0);
}

void TestCliJournal::signedAfterASending() {
    const auto verdict = journal({QStringLiteral("verify")});
    VERIFY_CODE(verdict, 0);
    VERIFY_SCHEMA(verdict.out, "journal-verify");
    const auto signatures = verdict.json()[QStringLiteral("signatures")].toArray();
    QCOMPARE(signatures.size(), 1);
    const auto signature = signatures.at(0).toObject();
    QCOMPARE(signature[QStringLiteral("fault")].toString(), QString());
    QCOMPARE(signature[QStringLiteral("line")].toInt(),
             signature[QStringLiteral("lines")].toInt() + 1);
    QVERIFY(!signature[QStringLiteral("address")].toString().isEmpty());
    // People are not shown what a signature is made of.
    const auto list = m_cli.run({QStringLiteral("journal"), QStringLiteral("list")});
    QVERIFY(list.out.contains("journal.signed"));
    QVERIFY(!list.out.contains("signature=MII"));
}

void TestCliJournal::exportedAsCsv() {
    const auto csv = m_cli.run({QStringLiteral("journal"), QStringLiteral("export"),
                                QStringLiteral("--format"), QStringLiteral("csv")});
    VERIFY_CODE(csv, 0);
    QVERIFY(csv.out.startsWith("\"sequence\",\"time\",\"event\","));
    QVERIFY(csv.out.contains("\"plan.approved\""));
    QVERIFY(csv.out.endsWith("\"\r\n"));
}

void TestCliJournal::exportedIntoAFile() {
    const auto file = m_cli.path(QStringLiteral("journal.json"));
    const QStringList args{QStringLiteral("export"), QStringLiteral("--out"), file};
    const auto ran = journal(args);
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "journal-export");
    VERIFY_SCHEMA(contentOf(file), "journal-line");
    VERIFY_CODE(journal(args), 6); // nothing is written over
}

void TestCliJournal::syslogNeedsAServer() {
    const auto ran =
        journal({QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("syslog")});
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.out.contains("syslog.not-set"));
    const auto none =
        journal({QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("eventlog")});
    VERIFY_CODE(none, 6);
    QVERIFY(none.out.contains("eventlog.none"));
}

void TestCliJournal::receiptsOfBothForms_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("json") << QStringLiteral("receipt.json");
    QTest::newRow("pdf") << QStringLiteral("receipt.pdf");
}

void TestCliJournal::receiptsOfBothForms() {
    QFETCH(QString, name);
    const auto file = m_cli.path(name);
    const auto made = m_cli.json({QStringLiteral("outbox"), QStringLiteral("receipt"),
                                  QStringLiteral("1"), QStringLiteral("--out"), file});
    VERIFY_CODE(made, 0);
    VERIFY_SCHEMA(made.out, "outbox-receipt");
    QVERIFY(!made.json()[QStringLiteral("signed_by")].toString().isEmpty());
    const auto genuine = journal({QStringLiteral("verify"), QStringLiteral("--receipt"), file});
    VERIFY_CODE(genuine, 0);
    VERIFY_SCHEMA(genuine.out, "journal-receipt");
    QCOMPARE(genuine.json()[QStringLiteral("receipt")][QStringLiteral("delivery")].toString(),
             QStringLiteral("accepted"));
    // Another answer of the server, in the same number of letters.
    auto bytes = contentOf(file);
    QVERIFY(bytes.contains("jo.bloggs@court"));
    const auto forged = m_cli.file(QStringLiteral("forged-") + name,
                                   bytes.replace("jo.bloggs@court", "jo.bloggz@court"));
    const auto refused = journal({QStringLiteral("verify"), QStringLiteral("--receipt"), forged});
    VERIFY_CODE(refused, 6);
    QVERIFY(!refused.json()[QStringLiteral("authentic")].toBool());
}

void TestCliJournal::receiptOfNothing() {
    const auto file = m_cli.path(QStringLiteral("none.json"));
    const auto none = m_cli.json({QStringLiteral("outbox"), QStringLiteral("receipt"),
                                  QStringLiteral("4711"), QStringLiteral("--out"), file});
    VERIFY_CODE(none, 6);
    QVERIFY(!QFile::exists(file));
    const auto other = m_cli.file(QStringLiteral("other.json"), "{}");
    const auto ran = journal({QStringLiteral("verify"), QStringLiteral("--receipt"), other});
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.out.contains("receipt.unreadable"));
}

void TestCliJournal::profileGoesAlong() {
    const auto file = m_cli.path(QStringLiteral("me.sealpost"));
    const auto run = [](const CliHarness &cli, const char *verb, const QString &name,
                        const QByteArray &passphrase) {
        return cli.json({QStringLiteral("profile"), QLatin1String(verb), name,
                         QStringLiteral("--passphrase-file"), QStringLiteral("-")},
                        passphrase);
    };
    CliHarness other;
    other.options.keychain = std::make_shared<MemoryKeychain>();
    VERIFY_CODE(run(m_cli, "export", file, "too short\n"), 6);
    const auto written = run(m_cli, "export", file, "correct horse battery\n");
    VERIFY_CODE(written, 0);
    VERIFY_SCHEMA(written.out, "profile");
    VERIFY_CODE(run(m_cli, "import", file, "correct horse battery\n"), 6); // it has a profile
    VERIFY_CODE(run(other, "import", file, "correct horse batterz\n"), 6);
    VERIFY_CODE(run(other, "import", file, "correct horse battery\n"), 0);
    const auto list = other.json({QStringLiteral("outbox"), QStringLiteral("list")});
    VERIFY_CODE(list, 0);
    QCOMPARE(list.json()[QStringLiteral("state")].toString(), QStringLiteral("accepted"));
}

void TestCliJournal::storeUnderANewKey() {
    {
        QLockFile window(m_cli.profile() + QStringLiteral("/window.lock"));
        QVERIFY(window.tryLock());
        const auto refused = m_cli.json({QStringLiteral("profile"), QStringLiteral("rekey")});
        VERIFY_CODE(refused, 6); // it would write on under the old key
        QVERIFY(refused.out.contains("profile.open-elsewhere"));
    }
    const auto ran = m_cli.json({QStringLiteral("profile"), QStringLiteral("rekey")});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "profile");
    const auto verdict = journal({QStringLiteral("verify")});
    VERIFY_CODE(verdict, 0);
    QVERIFY(journal({QStringLiteral("list")}).out.contains("store.rekeyed"));
}

QTEST_GUILESS_MAIN(TestCliJournal)
#include "tst_CliJournal.moc"
