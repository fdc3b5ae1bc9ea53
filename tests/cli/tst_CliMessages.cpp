// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QJsonArray>
#include <QtTest>

using namespace sealpost::test;

namespace {

const auto kJo = QStringLiteral("jo.bloggs@court.practice.example");
const auto kAlex = QStringLiteral("alex.marsh@council.practice.example");
const auto kOld = QStringLiteral("pat@oldmail.practice.example");
const QByteArray kSecretBody = "The password is hunter2correcthorse\n";

QStringList to(const char *verb, const QString &address, const QStringList &more = {}) {
    return QStringList{QLatin1String(verb), QStringLiteral("--to"), address,
                       QStringLiteral("--subject"), QStringLiteral("About-the-archive-4711")} +
           more;
}

const QStringList kSensitive{QStringLiteral("--classification"),
                             QStringLiteral("OFFICIAL-SENSITIVE")};

} // namespace

class TestCliMessages : public QObject {
    Q_OBJECT
private slots:
    void sealedMessageArrives();
    void harmlessGoesByTls();
    void bccStandsAlone();
    void blockedWithoutTls();
    void secretByTlsIsBlocked();
    void justificationIsOwed();
    void wronglyFoundIsDismissedWithAReason();
    void dismissalsThatDoNotHold();
    void planSendsNothing();
    void badInput_data();
    void badInput();
    void missingAttachment();
    void bodyThatIsNoText();
    void attachmentTravels();
    void journalStaysIntact();

private:
    CliHarness m_cli;
};

void TestCliMessages::sealedMessageArrives() {
    const auto ran = m_cli.json(to("send", kJo, kSensitive), kSecretBody);
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "send");
    const auto result = ran.json();
    QCOMPARE(result[QStringLiteral("practice")].toBool(), true);
    const auto transmission = result[QStringLiteral("transmissions")].toArray().at(0).toObject();
    QCOMPARE(transmission[QStringLiteral("route")].toString(), QStringLiteral("smime"));
    const auto receipt = result[QStringLiteral("receipts")].toArray().at(0).toObject();
    QCOMPARE(receipt[QStringLiteral("delivery")].toString(), QStringLiteral("accepted"));
    QVERIFY(receipt[QStringLiteral("queue_id")].toString().startsWith(QLatin1Char('P')));
    const auto smime = receipt[QStringLiteral("smime")].toObject();
    QCOMPARE(smime[QStringLiteral("encrypted_to")].toArray().size(), 2); // Jo, and the sender

    const auto files = m_cli.inbox();
    QCOMPARE(files.size(), 1);
    const auto mail = m_cli.arrived(files.first());
    QVERIFY(mail.contains("X-Practice-Envelope-To: <jo.bloggs@court.practice.example>\r\n"));
    QVERIFY(mail.contains("application/pkcs7-mime"));
    for (const auto &plain : {QByteArray("hunter2"), QByteArray("About-the-archive")}) {
        QVERIFY(!mail.contains(plain));
        QVERIFY(!ran.err.contains(plain));
        QCOMPARE(m_cli.profileFilesWith(plain), QStringList());
    }
    QVERIFY(!ran.out.contains("hunter2"));
}

void TestCliMessages::harmlessGoesByTls() {
    const auto before = m_cli.inbox().size();
    const auto ran = m_cli.run(to("send", kAlex), "Lunch at one?\n");
    VERIFY_CODE(ran, 0);
    QVERIFY(ran.err.startsWith("Practice mode: nothing leaves this computer.\n"));
    QVERIFY(ran.out.contains(kAlex.toUtf8()));
    QCOMPARE(m_cli.inbox().size(), before + 1);
}

void TestCliMessages::bccStandsAlone() {
    const auto before = m_cli.inbox().size();
    const auto ran = m_cli.json(to("send", kJo, {QStringLiteral("--bcc"), kAlex}), "Hello\n");
    VERIFY_CODE(ran, 0);
    QCOMPARE(ran.json()[QStringLiteral("transmissions")].toArray().size(), 2);
    const auto files = m_cli.inbox();
    QCOMPARE(files.size(), before + 2);
    QVERIFY(!m_cli.arrived(files.at(before)).contains(kAlex.toUtf8()));
}

void TestCliMessages::blockedWithoutTls() {
    const auto before = m_cli.inbox();
    const auto ran = m_cli.json(to("send", kOld), "Hello\n");
    VERIFY_CODE(ran, 3);
    VERIFY_SCHEMA(ran.out, "send");
    const auto blocked = ran.json()[QStringLiteral("blocked")].toArray().at(0).toObject();
    QCOMPARE(blocked[QStringLiteral("recipient")].toString(), kOld);
    QVERIFY(!blocked[QStringLiteral("next_steps")].toArray().isEmpty());
    QVERIFY(ran.json()[QStringLiteral("receipts")].toArray().isEmpty());
    QVERIFY(ran.err.contains("[tls.none]"));
    QVERIFY(ran.err.contains("What to do: "));
    QCOMPARE(m_cli.inbox(), before);
    const auto journal = m_cli.run({QStringLiteral("journal"), QStringLiteral("list")});
    VERIFY_CODE(journal, 0);
    const auto last = journal.out.trimmed().split('\n').last();
    QVERIFY2(last.contains("plan.blocked"), last.constData());
    QVERIFY(last.contains(kOld.toUtf8() + "=blocked"));
    QVERIFY(last.contains("tls.none"));
}

void TestCliMessages::secretByTlsIsBlocked() {
    const auto before = m_cli.inbox();
    const auto ran = m_cli.run(to("send", kAlex, kSensitive), kSecretBody);
    VERIFY_CODE(ran, 3);
    QVERIFY(!ran.all().contains("hunter2"));
    QCOMPARE(m_cli.inbox(), before);
}

void TestCliMessages::justificationIsOwed() {
    const auto before = m_cli.inbox().size();
    const auto owed = m_cli.json(to("send", kJo), kSecretBody);
    VERIFY_CODE(owed, 4);
    VERIFY_SCHEMA(owed.out, "send");
    QCOMPARE(owed.json()[QStringLiteral("confirmations")].toArray().size(), 1);
    QVERIFY(owed.err.contains("Add: --justify"));
    const auto tooShort = m_cli.run(
        to("send", kJo, {QStringLiteral("--justify"), QStringLiteral("ok")}), kSecretBody);
    VERIFY_CODE(tooShort, 4);
    QCOMPARE(m_cli.inbox().size(), before);
    const auto sent = m_cli.run(
        to("send", kJo,
           {QStringLiteral("--justify"), QStringLiteral("The password is for a training system.")}),
        kSecretBody);
    VERIFY_CODE(sent, 0);
    QCOMPARE(m_cli.inbox().size(), before + 1);
}

void TestCliMessages::wronglyFoundIsDismissedWithAReason() {
    const auto shown = m_cli.run(to("plan", kAlex), kSecretBody);
    QVERIFY2(shown.out.contains("Add: --dismiss \"prose-password:body:1="), shown.out.constData());
    const QStringList dismiss{QStringLiteral("--dismiss"),
                              QStringLiteral("prose-password:body:1=It is a made-up word.")};
    const auto plan = m_cli.json(to("plan", kAlex, dismiss), kSecretBody);
    VERIFY_CODE(plan, 0);
    VERIFY_SCHEMA(plan.out, "plan");
    const auto found = plan.json()[QStringLiteral("findings")].toArray().at(0).toObject();
    QCOMPARE(found[QStringLiteral("dismissible")].toBool(), true);
    QCOMPARE(found[QStringLiteral("dismissed")].toString(),
             QStringLiteral("It is a made-up word."));
    const auto sent = m_cli.run(to("send", kAlex, dismiss), kSecretBody);
    VERIFY_CODE(sent, 0);
    QVERIFY(sent.out.contains("Marked as wrongly found:"));
    QVERIFY(!sent.all().contains("hunter2"));
    const auto journal = m_cli.run({QStringLiteral("journal"), QStringLiteral("export")});
    QVERIFY(journal.out.contains("finding.dismissed"));
    QVERIFY(journal.out.contains("It is a made-up word."));
    QVERIFY(!journal.out.contains("hunter2"));
    // It goes in transit only, so the practice server's folder has it, and nothing of ours.
    const auto files = m_cli.profileFilesWith("hunter2");
    QVERIFY2(files.filter(QStringLiteral("/practice/inbox/")) == files,
             qPrintable(files.join(QLatin1Char(' '))));
}

void TestCliMessages::dismissalsThatDoNotHold() {
    const auto plan = [&](const char *wish) {
        return m_cli.json(to("plan", kAlex, {QStringLiteral("--dismiss"), QLatin1String(wish)}),
                          kSecretBody);
    };
    const auto code = [](const auto &ran) {
        return ran.json()[QStringLiteral("error")].toObject()[QStringLiteral("code")].toString();
    };
    QCOMPARE(code(plan("prose-password:body:2=It is a made-up word.")),
             QStringLiteral("dismissal.no-match"));
    QCOMPARE(code(plan("prose-password:body:1=no")), QStringLiteral("dismissal.no-reason"));
    VERIFY_CODE(plan("prose-password:body:1=no"), 6);
}

void TestCliMessages::planSendsNothing() {
    const auto before = m_cli.inbox();
    const auto fine = m_cli.json(to("plan", kJo, kSensitive), kSecretBody);
    VERIFY_CODE(fine, 0);
    VERIFY_SCHEMA(fine.out, "plan");
    QVERIFY(!fine.out.contains("hunter2"));
    const auto finding = fine.json()[QStringLiteral("findings")].toArray().at(0).toObject();
    QCOMPARE(finding[QStringLiteral("path")].toString(), QStringLiteral("body"));
    VERIFY_CODE(m_cli.run(to("plan", kOld), "x"), 3);
    VERIFY_CODE(m_cli.run(to("plan", kJo), kSecretBody), 4);
    QCOMPARE(m_cli.inbox(), before);
}

void TestCliMessages::badInput_data() {
    QTest::addColumn<QStringList>("args");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("malformed-address")
        << to("send", QStringLiteral("jo@@court")) << 2 << QByteArray("address.");
    QTest::newRow("address-injection")
        << to("send", kJo + QStringLiteral("\r\nBcc: x@evil.example")) << 2
        << QByteArray("address.");
    QTest::newRow("subject-injection")
        << QStringList{QStringLiteral("send"), QStringLiteral("--to"), kJo,
                       QStringLiteral("--subject"), QStringLiteral("a\r\nBcc: x@evil.example")}
        << 2 << QByteArray("draft.header-injection");
    QTest::newRow("no-recipient") << QStringList{QStringLiteral("send")} << 2
                                  << QByteArray("draft.no-recipient");
    QTest::newRow("unknown-classification")
        << to("send", kJo, {QStringLiteral("--classification"), QStringLiteral("BORING")}) << 2
        << QByteArray("BORING");
    QTest::newRow("unknown-route")
        << to("send", kJo, {QStringLiteral("--protect"), QStringLiteral("blocked")}) << 2
        << QByteArray("--protect");
    QTest::newRow("above-official")
        << to("send", kJo, {QStringLiteral("--classification"), QStringLiteral("SECRET")}) << 3
        << QByteArray("marking.above-official");
    QTest::newRow("unknown-account")
        << to("send", kJo, {QStringLiteral("--account"), QStringLiteral("Other")}) << 6
        << QByteArray("account.not-found");
    QTest::newRow("missing-body-file") << to("send", kJo, {QStringLiteral("/nowhere/body.txt")})
                                       << 6 << QByteArray("/nowhere/body.txt");
}

void TestCliMessages::badInput() {
    QFETCH(QStringList, args);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    const auto before = m_cli.inbox();
    const auto ran = m_cli.run(args, "Hello\n");
    VERIFY_CODE(ran, code);
    QVERIFY2(ran.err.contains(says), ran.all().constData());
    QCOMPARE(m_cli.inbox(), before);
}

void TestCliMessages::missingAttachment() {
    const auto before = m_cli.inbox();
    const auto ran = m_cli.json(
        to("send", kJo, {QStringLiteral("--attach"), m_cli.path(QStringLiteral("no"))}), "Hello\n");
    VERIFY_CODE(ran, 6);
    VERIFY_SCHEMA(ran.out, "error");
    QCOMPARE(ran.json()[QStringLiteral("error")].toObject()[QStringLiteral("code")].toString(),
             QStringLiteral("attachment.missing"));
    QCOMPARE(m_cli.inbox(), before);
}

void TestCliMessages::bodyThatIsNoText() {
    for (const auto &body : {QByteArray("caf\xe9\n"), QByteArray("a\0b", 3)}) {
        const auto ran = m_cli.run(to("send", kJo), body);
        VERIFY_CODE(ran, 6);
        QVERIFY(ran.err.contains("input.not-text"));
    }
}

void TestCliMessages::attachmentTravels() {
    const auto before = m_cli.inbox().size();
    const auto file = m_cli.file(QStringLiteral("notes.txt"), "Minutes of the meeting\n");
    const auto ran = m_cli.run(to("send", kAlex, {QStringLiteral("--attach"), file}), "Hello\n");
    VERIFY_CODE(ran, 0);
    QCOMPARE(m_cli.inbox().size(), before + 1);
    const auto mail = m_cli.arrived(m_cli.inbox().last());
    QVERIFY(mail.contains("notes.txt"));
    QVERIFY(mail.contains(QByteArray("Minutes of the meeting\n").toBase64().left(20)) ||
            mail.contains("Minutes of the meeting"));
}

void TestCliMessages::journalStaysIntact() {
    const auto verdict = m_cli.json({QStringLiteral("journal"), QStringLiteral("verify")});
    VERIFY_CODE(verdict, 0);
    VERIFY_SCHEMA(verdict.out, "journal-verify");
    QVERIFY(verdict.json()[QStringLiteral("intact")].toBool());
    QVERIFY(verdict.json()[QStringLiteral("lines")].toInt() >= 12);
    const auto lines = m_cli.run({QStringLiteral("journal"), QStringLiteral("export")});
    VERIFY_CODE(lines, 0);
    VERIFY_SCHEMA(lines.out, "journal-line");
    QVERIFY(!lines.out.contains("hunter2"));
    QVERIFY(!lines.out.contains("About-the-archive"));
    const auto list = m_cli.run({QStringLiteral("journal"), QStringLiteral("list")});
    QVERIFY(list.out.contains("submission.accepted"));
}

QTEST_GUILESS_MAIN(TestCliMessages)
#include "tst_CliMessages.moc"
