// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QFile>
#include <QJsonArray>
#include <QtTest>

using namespace sealpost::test;

namespace {

// Put together here, so that no scanner of sources takes this file for a leak.
const QByteArray kKey =
    QByteArray("-----BEGIN OPENSSH ") + "PRIVATE KEY-----\n" +
    QByteArray("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n") +
    "-----END OPENSSH " + "PRIVATE KEY-----\n";

} // namespace

class TestCliCheckScan : public QObject {
    Q_OBJECT
private slots:
    void check_data();
    void check();
    void checkList();
    void checkManyAtOnce();
    void scanFolder();
    void scanClean();
    void scanInput();
    void scanMissing();

private:
    CliHarness m_cli;
};

void TestCliCheckScan::check_data() {
    QTest::addColumn<QStringList>("what");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QStringList &what, int code) {
        QTest::newRow(name) << what << code;
    };
    const auto good = QStringLiteral("council.practice.example");
    const auto plain = QStringLiteral("oldmail.practice.example");
    const auto unsure = QStringLiteral("unsure.practice.example");
    row("sufficient", {good}, 0);
    row("address", {QStringLiteral("jo.bloggs@court.practice.example")}, 0);
    row("insufficient", {good, plain}, 3);
    row("undeliverable", {QStringLiteral("nowhere.example")}, 3);
    row("unknown-alone", {good, unsure}, 5);
    row("insufficient-before-unknown", {unsure, plain}, 3);
    row("malformed", {QStringLiteral("-bad-.example")}, 2);
    row("malformed-address", {QStringLiteral("a@b@c")}, 2);
    row("nothing", {}, 2);
}

void TestCliCheckScan::check() {
    QFETCH(QStringList, what);
    QFETCH(int, code);
    QStringList args{QStringLiteral("check")};
    for (const auto &one : what) {
        args += one.startsWith(QLatin1Char('-')) ? QStringList{QStringLiteral("--"), one}
                                                 : QStringList{one};
    }
    const auto ran = m_cli.json(args);
    VERIFY_CODE(ran, code);
    if (code == 2) {
        VERIFY_SCHEMA(ran.out, "error");
    } else {
        QCOMPARE(ran.lines().size(), what.size());
        VERIFY_SCHEMA(ran.out, "check");
    }
    QVERIFY(!ran.out.isEmpty());
    const auto words = m_cli.run(QStringList(QStringLiteral("--verbose")) + args);
    VERIFY_CODE(words, code);
}

void TestCliCheckScan::checkList() {
    const auto list = m_cli.file(QStringLiteral("domains"),
                                 "# a comment\ncouncil.practice.example\n\nbad..example\r\n"
                                 "court.practice.example\r\ncouncil.practice.example\n");
    const auto ran = m_cli.json({QStringLiteral("check"), QStringLiteral("--input"), list});
    VERIFY_CODE(ran, 2);
    QVERIFY(ran.err.contains("Line 4:"));
    QCOMPARE(ran.lines().size(), 3); // one error, two domains
    VERIFY_CODE(m_cli.run({QStringLiteral("check"), QStringLiteral("--input"),
                           m_cli.path(QStringLiteral("no-such-list"))}),
                6);
}

void TestCliCheckScan::checkManyAtOnce() {
    QByteArray list;
    for (int number = 0; number < 200; ++number) {
        list += "d" + QByteArray::number(number) + ".example\n";
    }
    const auto ran =
        m_cli.json({QStringLiteral("check"), QStringLiteral("--input"), QStringLiteral("-"),
                    QStringLiteral("--jobs"), QStringLiteral("16"), QStringLiteral("--fresh")},
                   list);
    VERIFY_CODE(ran, 3);
    QCOMPARE(ran.lines().size(), 200);
    VERIFY_SCHEMA(ran.out, "check");
    VERIFY_CODE(m_cli.run({QStringLiteral("check"), QStringLiteral("a.example"),
                           QStringLiteral("--jobs"), QStringLiteral("0")}),
                2);
}

void TestCliCheckScan::scanFolder() {
    (void)m_cli.file(QStringLiteral("tree/deep/id_ed25519"), kKey);
    (void)m_cli.file(QStringLiteral("tree/readme.txt"), "Nothing here.\n");
    const auto outside = m_cli.file(QStringLiteral("outside/id_ed25519"), kKey);
    QVERIFY(QFile::link(outside, m_cli.path(QStringLiteral("tree/link"))));
    const auto ran = m_cli.json({QStringLiteral("scan"), m_cli.path(QStringLiteral("tree"))});
    VERIFY_CODE(ran, 3);
    const auto lines = ran.lines();
    QVERIFY(lines.size() >= 2);
    VERIFY_SCHEMA(lines.mid(0, lines.size() - 1).join('\n'), "scan");
    VERIFY_SCHEMA(lines.last(), "scan-summary");
    const auto finding = ran.json();
    QCOMPARE(finding[QStringLiteral("category")].toString(), QStringLiteral("private-key"));
    QVERIFY(finding[QStringLiteral("path")].toString().endsWith(QStringLiteral("deep/id_ed25519")));
    const auto last = ran.json(static_cast<int>(lines.size()) - 1);
    const auto summary = last[QStringLiteral("summary")].toObject();
    QCOMPARE(summary[QStringLiteral("files")].toInt(), 2);
    const auto skipped = summary[QStringLiteral("skipped")].toArray();
    QCOMPARE(skipped.size(), 1);
    QCOMPARE(skipped.at(0)[QStringLiteral("why")].toString(), QStringLiteral("symlink"));
    QVERIFY(!ran.all().contains("b3BlbnNzaC1rZXktdjE"));
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), m_cli.path(QStringLiteral("tree/link"))}), 3);
}

void TestCliCheckScan::scanClean() {
    const auto file = m_cli.file(QStringLiteral("clean.txt"), "Minutes of the meeting.\n");
    const auto ran = m_cli.json({QStringLiteral("scan"), file});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "scan-summary");
}

void TestCliCheckScan::scanInput() {
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), QStringLiteral("-")}, kKey), 3);
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), QStringLiteral("-")}, "Nothing here.\n"), 0);
    const auto mail = "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: application/octet-stream\r\n"
                      "Content-Transfer-Encoding: base64\r\n\r\n" +
                      kKey.toBase64() + "\r\n";
    const auto inMail = m_cli.json({QStringLiteral("scan"), QStringLiteral("-")}, mail);
    VERIFY_CODE(inMail, 3);
    QCOMPARE(inMail.json()[QStringLiteral("category")].toString(), QStringLiteral("private-key"));
}

void TestCliCheckScan::scanMissing() {
    const auto missing = m_cli.path(QStringLiteral("no-such-file"));
    const auto ran = m_cli.run({QStringLiteral("scan"), missing});
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.err.contains("attachment.missing"));
    const auto key = m_cli.file(QStringLiteral("key"), kKey);
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), missing, key}), 3);
    VERIFY_CODE(m_cli.run({QStringLiteral("scan")}), 2);
}

QTEST_GUILESS_MAIN(TestCliCheckScan)
#include "tst_CliCheckScan.moc"
