// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"
#include "receive/SafeFiles.h"

#include <QDir>
#include <QJsonArray>
#include <QtTest>

using namespace sealpost;
using namespace sealpost::test;

namespace {

const auto kJo = QStringLiteral("jo.bloggs@court.practice.example");
const auto kAlex = QStringLiteral("alex.marsh@council.practice.example");
const QByteArray kBody = "The password is hunter2correcthorse\n";

QStringList words(std::initializer_list<const char *> list) {
    QStringList all;
    for (const auto *word : list) {
        all.append(QString::fromUtf8(word));
    }
    return all;
}

} // namespace

//! What was sent is opened again: every message is encrypted to its sender too.
class TestCliOpen : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void sealedMessage();
    void signedMessage();
    void changedMessageShowsNothing();
    void cutMessageIsSaidToBeDamaged();
    void plainMessage();
    void extracts();
    void keepsCertificatesOnlyWhereAsked();
    void badFiles();
    void bodyCannotPassForOurs();
    void harmlessNames_data();
    void harmlessNames();

private:
    QString arrivedFile(int index) const {
        return m_cli.file(QStringLiteral("m%1.eml").arg(index),
                          m_cli.arrived(m_cli.inbox().at(index)));
    }
    CliHarness m_cli;
};

void TestCliOpen::initTestCase() {
    const auto attached = m_cli.file(QStringLiteral("list.txt"), "one\n");
    VERIFY_CODE(m_cli.run(words({"send", "--to"})
                              << kJo
                              << words({"--subject", "Custody-4711", "--classification",
                                        "OFFICIAL-SENSITIVE", "--attach"})
                              << attached,
                          kBody),
                0);
    VERIFY_CODE(m_cli.run(words({"send", "--to"}) << kAlex << words({"--subject", "Lunch"}),
                          "Lunch at one?\n"),
                0);
    QCOMPARE(m_cli.inbox().size(), 2);
}

void TestCliOpen::sealedMessage() {
    const auto ran = m_cli.json({QStringLiteral("open"), arrivedFile(0)});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "open");
    const auto opened = ran.json();
    QCOMPARE(opened[QStringLiteral("sender")].toString(), QStringLiteral("verified"));
    QVERIFY(opened[QStringLiteral("encrypted")].toBool());
    QCOMPARE(opened[QStringLiteral("headers")][QStringLiteral("subject")].toString(),
             QStringLiteral("[OFFICIAL-SENSITIVE] Custody-4711"));
    QVERIFY(opened[QStringLiteral("headers")][QStringLiteral("protected")].toBool());
    QVERIFY(opened[QStringLiteral("text")].toString().contains(QStringLiteral("hunter2")));
    // The fields in front of the text, which older readers need, are left out.
    QVERIFY(!opened[QStringLiteral("text")].toString().contains(QStringLiteral("Custody")));
    QCOMPARE(opened[QStringLiteral("attachments")][0][QStringLiteral("name")].toString(),
             QStringLiteral("list.txt"));
    QCOMPARE(opened[QStringLiteral("notes")].toArray(), QJsonArray());
    const auto layers = opened[QStringLiteral("layers")].toArray();
    QCOMPARE(layers.size(), 2);
    QCOMPARE(layers[0][QStringLiteral("cipher")].toString(), QStringLiteral("aes-256-cbc"));
    QCOMPARE(layers[1][QStringLiteral("signatures")][0][QStringLiteral("certificate")].toString(),
             QStringLiteral("usable"));
    QCOMPARE(m_cli.profileFilesWith("hunter2"), QStringList());
}

void TestCliOpen::signedMessage() {
    const auto ran = m_cli.run({QStringLiteral("open"), arrivedFile(1)});
    VERIFY_CODE(ran, 0);
    QVERIFY2(ran.out.startsWith("Signed by "), ran.all().constData());
    QVERIFY(ran.out.contains("It was not encrypted."));
    QVERIFY(ran.out.contains("| Lunch at one?"));
}

void TestCliOpen::changedMessageShowsNothing() {
    auto changed = m_cli.arrived(m_cli.inbox().at(1));
    changed.replace("Lunch at one?", "Lunch at two?");
    const auto file = m_cli.file(QStringLiteral("changed.eml"), changed);
    const auto ran = m_cli.json({QStringLiteral("open"), file});
    VERIFY_CODE(ran, 6);
    VERIFY_SCHEMA(ran.out, "open");
    QCOMPARE(ran.json()[QStringLiteral("sender")].toString(), QStringLiteral("forged"));
    QCOMPARE(ran.json()[QStringLiteral("notes")][0][QStringLiteral("id")].toString(),
             QStringLiteral("open.signature-changed"));
    QVERIFY(!ran.all().contains("Lunch at two"));
    const auto into = m_cli.path(QStringLiteral("nothing"));
    VERIFY_CODE(m_cli.run({QStringLiteral("open"), file, QStringLiteral("--extract"), into}), 6);
    QVERIFY(!QDir(into).exists());
}

//! Half of it came: not "not encrypted", and not of an unknown kind.
void TestCliOpen::cutMessageIsSaidToBeDamaged() {
    auto cut = m_cli.arrived(m_cli.inbox().at(0));
    cut.truncate(cut.size() / 2);
    const auto ran =
        m_cli.run({QStringLiteral("open"), m_cli.file(QStringLiteral("cut.eml"), cut)});
    VERIFY_CODE(ran, 6);
    QVERIFY2(ran.out.contains("its end is missing"), ran.all().constData());
    QVERIFY(!ran.out.contains("It was not encrypted."));
}

void TestCliOpen::plainMessage() {
    const auto file =
        m_cli.file(QStringLiteral("plain.eml"), "From: a@b.example\nSubject: x\n\nhello\n");
    const auto ran = m_cli.json({QStringLiteral("open"), file});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "open");
    QCOMPARE(ran.json()[QStringLiteral("sender")].toString(), QStringLiteral("unsigned"));
}

void TestCliOpen::extracts() {
    const auto into = m_cli.path(QStringLiteral("out"));
    const QStringList command{QStringLiteral("open"), arrivedFile(0), QStringLiteral("--extract"),
                              into};
    const auto first = m_cli.json(command);
    VERIFY_CODE(first, 0);
    QCOMPARE(QDir(into).entryList(QDir::Files),
             QStringList({QStringLiteral("list.txt"), QStringLiteral("message.txt")}));
    VERIFY_CODE(m_cli.json(command), 0); // nothing is written over
    QCOMPARE(QDir(into).entryList(QDir::Files),
             QStringList({QStringLiteral("list-2.txt"), QStringLiteral("list.txt"),
                          QStringLiteral("message-2.txt"), QStringLiteral("message.txt")}));
}

void TestCliOpen::keepsCertificatesOnlyWhereAsked() {
    const auto plain = m_cli.json({QStringLiteral("open"), arrivedFile(1)});
    QCOMPARE(plain.json()[QStringLiteral("kept")].toArray(), QJsonArray());
    const auto signature =
        plain.json()[QStringLiteral("layers")][0][QStringLiteral("signatures")][0];
    QVERIFY(signature[QStringLiteral("known")].toBool()); // one's own
    const auto kept =
        m_cli.json({QStringLiteral("open"), arrivedFile(1), QStringLiteral("--keep-certificate")});
    VERIFY_CODE(kept, 0);
    VERIFY_SCHEMA(kept.out, "open");
    QCOMPARE(kept.json()[QStringLiteral("kept")].toArray(),
             QJsonArray({signature[QStringLiteral("signer")]}));
}

void TestCliOpen::badFiles() {
    VERIFY_CODE(m_cli.run({QStringLiteral("open")}), 2);
    VERIFY_CODE(m_cli.run({QStringLiteral("open"), QStringLiteral("/nowhere/x.eml")}), 6);
    VERIFY_CODE(m_cli.run({QStringLiteral("open"), m_cli.file(QStringLiteral("n.eml"), "none")}),
                6);
}

void TestCliOpen::bodyCannotPassForOurs() {
    const auto file = m_cli.file(
        QStringLiteral("spoof.eml"),
        "From: a@b.example\nSubject: x\x1b[2J\n\nhello\nSigned by a@b.example\n\x1b[1A\x1b[2K\n");
    const auto ran = m_cli.run({QStringLiteral("open"), file});
    VERIFY_CODE(ran, 0);
    QVERIFY(!ran.out.contains('\x1b'));
    QVERIFY(!ran.out.contains("\nSigned by"));
    QVERIFY(ran.out.startsWith("Not signed"));
}

void TestCliOpen::harmlessNames_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << QByteArray("report.pdf") << QStringLiteral("report.pdf");
    QTest::newRow("up") << QByteArray("../../etc/passwd") << QStringLiteral("_.._etc_passwd");
    QTest::newRow("hidden") << QByteArray(".bashrc") << QStringLiteral("bashrc");
    QTest::newRow("backslash") << QByteArray("a\\b.txt") << QStringLiteral("a_b.txt");
    QTest::newRow("device") << QByteArray("CON.txt") << QStringLiteral("part-1");
    QTest::newRow("empty") << QByteArray("") << QStringLiteral("part-1");
    QTest::newRow("dots") << QByteArray("..") << QStringLiteral("part-1");
    QTest::newRow("bidi") << QByteArray("exe\u202Efdp.txt") << QStringLiteral("exe_fdp.txt");
    QTest::newRow("control") << QByteArray("a\x1b.txt") << QStringLiteral("a_.txt");
}

void TestCliOpen::harmlessNames() {
    QFETCH(QByteArray, name);
    QFETCH(QString, expected);
    QCOMPARE(receive::harmlessName(name.toStdString(), QStringLiteral("part-1")), expected);
}

QTEST_GUILESS_MAIN(TestCliOpen)
#include "tst_CliOpen.moc"
