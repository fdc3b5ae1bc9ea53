// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"
#include "cli/CertificateFile.h"
#include "cli/Text.h"

#include <QJsonArray>
#include <QtTest>

using namespace sealpost::test;

class TestCliUsage : public QObject {
    Q_OBJECT
private slots:
    void usage_data();
    void usage();
    void namesWhatItDoesNotKnow();
    void helpAndVersion();
    void quiet();
    void policy();
    void endedExceptionIsReported();
    void brokenPolicyStopsSending();
    void doctor();
    void doctorOnBrokenPolicy();
    void pkcs12IsKnownByItsContent_data();
    void pkcs12IsKnownByItsContent();
    void nothingDrivesTheTerminal();

private:
    CliHarness m_cli;
};

void TestCliUsage::usage_data() {
    QTest::addColumn<QStringList>("args");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("unknown-command") << QStringList{QStringLiteral("explode")};
    QTest::newRow("unknown-option")
        << QStringList{QStringLiteral("check"), QStringLiteral("--force")};
    QTest::newRow("missing-value") << QStringList{QStringLiteral("send"), QStringLiteral("--to")};
    QTest::newRow("group-alone") << QStringList{QStringLiteral("certs")};
    QTest::newRow("missing-argument")
        << QStringList{QStringLiteral("certs"), QStringLiteral("show")};
    QTest::newRow("quiet-and-verbose") << QStringList{
        QStringLiteral("--quiet"), QStringLiteral("--verbose"), QStringLiteral("doctor")};
}

void TestCliUsage::usage() {
    QFETCH(QStringList, args);
    const auto ran = m_cli.run(args);
    VERIFY_CODE(ran, 2);
    QVERIFY(ran.out.isEmpty());
    QVERIFY(ran.err.contains("See sealpost-cli --help."));
    const auto json = m_cli.json(args);
    VERIFY_CODE(json, 2);
    VERIFY_SCHEMA(json.out, "error");
}

void TestCliUsage::namesWhatItDoesNotKnow() {
    const auto command = m_cli.run({QStringLiteral("chekc"), QStringLiteral("a.example")});
    QVERIFY2(command.err.contains("There is no command \"chekc\". Did you mean \"check\"?"),
             command.err.constData());
    const auto verb = m_cli.run({QStringLiteral("certs"), QStringLiteral("imprt")});
    QVERIFY2(verb.err.contains("There is no command \"imprt\". Did you mean \"import\"?"),
             verb.err.constData());
    const auto strange = m_cli.run({QStringLiteral("frobnicate")});
    QVERIFY2(strange.err.contains("There is no command \"frobnicate\".\n"),
             strange.err.constData());
    const auto option = m_cli.run({QStringLiteral("check"), QStringLiteral("--force")});
    QVERIFY2(option.err.contains("--force"), option.err.constData());
}

void TestCliUsage::helpAndVersion() {
    const auto help = m_cli.run({QStringLiteral("--help")});
    VERIFY_CODE(help, 0);
    for (const auto *verb : {"check", "scan", "plan", "send", "certs", "account", "outbox",
                             "policy", "journal", "doctor", "Exit codes"}) {
        QVERIFY2(help.out.contains(verb), verb);
    }
    const auto send = m_cli.run({QStringLiteral("send"), QStringLiteral("--help")});
    VERIFY_CODE(send, 0);
    QVERIFY(send.out.contains("--justify"));
    const auto version = m_cli.run({QStringLiteral("--version")});
    VERIFY_CODE(version, 0);
    QVERIFY(version.out.startsWith("sealpost-cli "));
}

void TestCliUsage::quiet() {
    const auto ran =
        m_cli.run({QStringLiteral("--quiet"), QStringLiteral("policy"), QStringLiteral("show")});
    VERIFY_CODE(ran, 0);
    QVERIFY(ran.out.isEmpty());
    QCOMPARE(ran.err, QByteArray("Practice mode: nothing leaves this computer.\n"));
}

void TestCliUsage::policy() {
    const auto show = m_cli.json({QStringLiteral("policy"), QStringLiteral("show")});
    VERIFY_CODE(show, 0);
    VERIFY_SCHEMA(show.out, "policy-show");
    const auto sources = m_cli.json({QStringLiteral("policy"), QStringLiteral("sources")});
    VERIFY_CODE(sources, 0);
    auto values = sources.lines();
    VERIFY_SCHEMA(values.takeLast(), "policy-sources");
    VERIFY_SCHEMA(values.join('\n'), "policy-source");
    const auto shown = show.json();
    QCOMPARE(values.size(), shown[QStringLiteral("policy")].toObject().size());
    QCOMPARE(shown[QStringLiteral("origins")].toObject().keys(),
             shown[QStringLiteral("policy")].toObject().keys());
    const auto good = m_cli.file(QStringLiteral("good.toml"), "");
    VERIFY_CODE(m_cli.run({QStringLiteral("policy"), QStringLiteral("check"), good}), 0);
    const auto bad = m_cli.file(QStringLiteral("bad.toml"), "\n[nonsense]\nx = 1\n");
    const auto problems = m_cli.json({QStringLiteral("policy"), QStringLiteral("check"), bad});
    VERIFY_CODE(problems, 6);
    VERIFY_SCHEMA(problems.out, "policy-check");
    const auto first = problems.json()[QStringLiteral("problems")].toArray().at(0).toObject();
    QVERIFY(first[QStringLiteral("line")].toInt() >= 2);
    VERIFY_CODE(m_cli.run({QStringLiteral("policy"), QStringLiteral("check"),
                           m_cli.path(QStringLiteral("no-such.toml"))}),
                6);
}

void TestCliUsage::endedExceptionIsReported() {
    const auto entry = [](const QByteArray &domain, const QByteArray &expires) {
        return QByteArray("[[tls.exceptions]]\ndomain = \"" + domain +
                          "\"\nreason = \"r\"\nauthorised-by = \"DNS team\"\nreference = "
                          "\"CHG-1\"\nexpires = " +
                          expires + "\n");
    };
    const auto file =
        m_cli.file(QStringLiteral("ended.toml"),
                   entry("court.example", "2025-03-31") + entry("later.example", "2225-03-31"));
    const QByteArray said = "The exception for court.example (CHG-1) ended on 31 March 2025";
    const auto check = m_cli.run({QStringLiteral("policy"), QStringLiteral("check"), file});
    VERIFY_CODE(check, 0);
    QVERIFY2(check.err.contains(said), check.err.constData());
    QVERIFY(!check.err.contains("later.example"));
    const auto show = m_cli.json(
        {QStringLiteral("--policy"), file, QStringLiteral("policy"), QStringLiteral("show")});
    VERIFY_CODE(show, 0);
    VERIFY_SCHEMA(show.out, "policy-show");
    const auto ended = show.json()[QStringLiteral("ended_exceptions")].toArray();
    QCOMPARE(ended.size(), 1);
    QCOMPARE(ended.at(0)[QStringLiteral("domain")].toString(), QStringLiteral("court.example"));
    const auto doctor = m_cli.run({QStringLiteral("--policy"), file, QStringLiteral("doctor")});
    QVERIFY2(doctor.out.contains(said), doctor.out.constData());
}

void TestCliUsage::brokenPolicyStopsSending() {
    const auto bad = m_cli.file(QStringLiteral("bad.toml"), "[nonsense]\nx = 1\n");
    const auto ran =
        m_cli.run({QStringLiteral("--policy"), bad, QStringLiteral("send"), QStringLiteral("--to"),
                   QStringLiteral("alex.marsh@council.practice.example")},
                  "Hello\n");
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.err.contains("policy.invalid"));
    QVERIFY(m_cli.inbox().isEmpty());
}

void TestCliUsage::doctor() {
    const auto ran = m_cli.json({QStringLiteral("doctor")});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "doctor");
    QSet<QString> seen;
    const auto lines = ran.json()[QStringLiteral("lines")].toArray();
    for (const auto &line : lines) {
        seen.insert(line.toObject()[QStringLiteral("what")].toString());
        QCOMPARE(line.toObject()[QStringLiteral("state")].toString(), QStringLiteral("ok"));
    }
    for (const auto *what :
         {"gpgsm", "gpg-agent", "dirmngr", "profile", "clock", "keychain", "policy", "scanner",
          "dns", "tls-roots", "database", "accounts", "key-ring", "own-certificate"}) {
        QVERIFY2(seen.contains(QLatin1String(what)), what);
    }
    QVERIFY(!ran.out.contains("sam.okoro"));
    QVERIFY(!ran.out.contains("@"));
}

void TestCliUsage::doctorOnBrokenPolicy() {
    const auto bad = m_cli.file(QStringLiteral("bad.toml"), "[nonsense]\nx = 1\n");
    const auto ran = m_cli.run({QStringLiteral("--policy"), bad, QStringLiteral("doctor")});
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.out.contains("fault"));
    QVERIFY(ran.out.contains("policy.invalid"));
    QVERIFY(ran.out.contains("Mend: "));
}

void TestCliUsage::pkcs12IsKnownByItsContent_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("is");
    QTest::newRow("der-long") << QByteArray("\x30\x82\x01\x00\x02\x01\x03\x30", 8)
                              << QByteArray("key") << true;
    QTest::newRow("der-short") << QByteArray("\x30\x20\x02\x01\x03\x30", 6) << QByteArray("key")
                               << true;
    QTest::newRow("ber-indefinite")
        << QByteArray("\x30\x80\x02\x01\x03\x30", 6) << QByteArray("key") << true;
    QTest::newRow("certificate") << QByteArray("\x30\x82\x01\x00\x30\x82\x00\x10", 8)
                                 << QByteArray("a.der") << false;
    QTest::newRow("pem") << QByteArray("-----BEGIN CERTIFICATE-----") << QByteArray("a.pem")
                         << false;
    QTest::newRow("by-name") << QByteArray("x") << QByteArray("A.PFX") << true;
    QTest::newRow("empty") << QByteArray() << QByteArray("a") << false;
    QTest::newRow("cut-short") << QByteArray("\x30\xff", 2) << QByteArray("a") << false;
}

void TestCliUsage::pkcs12IsKnownByItsContent() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, name);
    QTEST(sealpost::cli::isPkcs12(bytes.toStdString(), name.toStdString()), "is");
}

void TestCliUsage::nothingDrivesTheTerminal() {
    const auto text = QStringLiteral("a\u001b[2Jb\u009bc\u202ed\ne\r");
    QCOMPARE(sealpost::cli::printable(text), QStringLiteral("a\uFFFD[2Jb\uFFFDc\uFFFDd\ne\uFFFD"));
    const auto ran = m_cli.run({QStringLiteral("scan"), QStringLiteral("/nowhere/\u001b[2J")});
    VERIFY_CODE(ran, 6);
    QVERIFY(!ran.all().contains('\x1b'));
}

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_CliUsage.moc"
