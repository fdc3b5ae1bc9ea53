// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in a message beside a person's own words, and what becomes of it where it goes on.
#include "CliHarness.h"

#include <QJsonArray>
#include <QtTest>

using namespace sealpost::test;

namespace {

const auto kJo = QStringLiteral("jo.bloggs@court.practice.example");
const auto kAlex = QStringLiteral("alex.marsh@council.practice.example");
const QByteArray kDisclaimer = "This message is for the people it is addressed to.";

QString s(const char *text) {
    return QString::fromUtf8(text);
}

//! Options by their words, so that they read as they are typed.
QStringList words(const char *text) {
    return s(text).split(QLatin1Char(' '));
}

} // namespace

class TestCliMarkings : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void markedInsideWhatIsSealed();
    void wordsThatPolicyDoesNotOffer_data();
    void wordsThatPolicyDoesNotOffer();
    void disclaimerOnceInAThread();
    void headerFieldsThatPolicyNames();
    void forwardedSealedMessage();
    void neverByAWeakerWay();
    void onlyFromTheOrganisation();
    void whatCannotBeForwarded_data();
    void whatCannotBeForwarded();

private:
    //! The newest message that arrived, opened by its sender, to whom it is encrypted too.
    [[nodiscard]] Ran openNewest() const { return m_cli.json({s("open"), newest()}); }
    [[nodiscard]] QString newest() const {
        return m_cli.file(s("newest.eml"), m_cli.arrived(m_cli.inbox().last()));
    }
    void setPolicy(const QByteArray &toml) {
        m_cli.options.policyFile =
            std::filesystem::path(m_cli.file(s("policy.toml"), toml).toStdString());
    }
    CliHarness m_cli;
    QString m_sealed;         //!< a marked message that was sent to Jo, sealed
    QString m_sealedOfficial; //!< another, without a marking
};

void TestCliMarkings::initTestCase() {
    setPolicy("domains.internal = [\"justice.practice.example\"]\n");
}

void TestCliMarkings::markedInsideWhatIsSealed() {
    const auto ran =
        m_cli.json(QStringList{s("send"), s("--to"), kJo, s("--subject"), s("Minutes"),
                               s("--classification"), s("OFFICIAL-SENSITIVE"), s("--handling"),
                               s("recipients only"), s("--descriptor"), s("COMMERCIAL")},
                   "Dear Jo,\nall is well.\n");
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "send");
    QCOMPARE(ran.json()[s("marking")].toString(),
             s("OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL"));
    const auto mail = m_cli.arrived(m_cli.inbox().last());
    QVERIFY(!mail.contains("OFFICIAL"));
    const auto opened = openNewest();
    VERIFY_CODE(opened, 0);
    QCOMPARE(opened.json()[s("headers")][s("subject")].toString(),
             s("[OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL] Minutes"));
    const auto text = opened.json()[s("text")].toString().remove(QLatin1Char('\r'));
    QVERIFY2(text.startsWith(s("OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL\n\nDear Jo,")),
             qPrintable(text));
    QCOMPARE(text.count(QString::fromLatin1(kDisclaimer)), 1);
    m_sealed = m_cli.file(s("sealed.eml"), mail);
}

void TestCliMarkings::wordsThatPolicyDoesNotOffer_data() {
    QTest::addColumn<QString>("option");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("handling") << s("--handling") << QByteArray("draft.unknown-handling");
    QTest::newRow("descriptor") << s("--descriptor") << QByteArray("draft.unknown-descriptor");
}

void TestCliMarkings::wordsThatPolicyDoesNotOffer() {
    QFETCH(QString, option);
    QFETCH(QByteArray, code);
    const auto ran = m_cli.run(
        QStringList{s("plan"), s("--to"), kJo, s("--subject"), s("x"), option, s("LOCSEN")}, "x\n");
    QVERIFY(ran.code != 0);
    QVERIFY(ran.err.contains(code));
    QVERIFY(ran.err.contains(option == s("--handling") ? "EMBARGOED" : "COMMERCIAL"));
}

void TestCliMarkings::disclaimerOnceInAThread() {
    const auto ran = m_cli.json(words("send --to") + QStringList{kJo, s("--subject"), s("Re: x"),
                                                                 s("--protect"), s("smime")},
                                "Yes.\n\nOn 3 May, Jo wrote:\n> Shall we?\n> " + kDisclaimer +
                                    " If it has reached\n> you by mistake, please tell the sender "
                                    "and delete it.\n");
    VERIFY_CODE(ran, 0);
    const auto text = openNewest().json()[s("text")].toString();
    QCOMPARE(text.count(QString::fromLatin1(kDisclaimer)), 1);
    m_sealedOfficial = m_cli.file(s("official.eml"), m_cli.arrived(m_cli.inbox().last()));
}

void TestCliMarkings::headerFieldsThatPolicyNames() {
    setPolicy("domains.internal = [\"justice.practice.example\"]\n"
              "marking.headers = [\"SIO-Label\", \"X-Protective-Marking\"]\n");
    const auto ran = m_cli.json(words("send --classification OFFICIAL-SENSITIVE --to") +
                                    QStringList{kJo, s("--subject"), s("x")},
                                "x\n");
    VERIFY_CODE(ran, 0);
    const auto fields =
        ran.json()[s("transmissions")][0][s("header_fields")].toArray().toVariantList();
    QCOMPARE(fields.size(), 2);
    const auto mail = m_cli.arrived(m_cli.inbox().last());
    QVERIFY(mail.contains("\r\nSIO-Label: marking=\"OFFICIAL-SENSITIVE\"\r\n"));
    QVERIFY(mail.contains("\r\nX-Protective-Marking: OFFICIAL-SENSITIVE\r\n"));
    QVERIFY(mail.contains("Subject: [...]\r\n"));
    initTestCase();
}

void TestCliMarkings::forwardedSealedMessage() {
    const auto ran = m_cli.json(words("send --forward-as inline --confirm "
                                      "recipient.first-time:jo.bloggs@court.practice.example "
                                      "--forward") +
                                    QStringList{m_sealed, s("--to"), kJo},
                                "For your eyes.\n");
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "send");
    const auto opened = openNewest();
    QCOMPARE(opened.json()[s("headers")][s("subject")].toString(),
             s("[OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL] Fwd: Minutes"));
    const auto text = opened.json()[s("text")].toString();
    QVERIFY2(text.contains(s("---------- Forwarded message ----------")), qPrintable(text));
    QVERIFY(text.contains(s("all is well.")));
    QCOMPARE(text.count(QString::fromLatin1(kDisclaimer)), 1); // it is in the thread already

    const auto attached = m_cli.json(
        words("send --forward") + QStringList{m_sealed, s("--to"), kJo}, "For your eyes.\n");
    VERIFY_CODE(attached, 0);
    const auto parts = openNewest().json()[s("attachments")].toArray();
    QCOMPARE(parts.size(), 1);
    QVERIFY(parts[0][s("name")].toString().endsWith(s("Minutes.eml")));
}

void TestCliMarkings::neverByAWeakerWay() {
    const auto ran = m_cli.json(
        words("plan --forward") + QStringList{m_sealedOfficial, s("--to"), kAlex}, "x\n");
    VERIFY_CODE(ran, 3);
    VERIFY_SCHEMA(ran.out, "plan");
    QVERIFY(ran.err.contains("[forward.weaker-route]"));
}

void TestCliMarkings::onlyFromTheOrganisation() {
    setPolicy("");
    const auto ran =
        m_cli.run(words("plan --forward") + QStringList{m_sealed, s("--to"), kJo}, "x\n");
    VERIFY_CODE(ran, 3);
    QVERIFY(ran.err.contains("[forward.account]"));
    initTestCase();
}

void TestCliMarkings::whatCannotBeForwarded_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("no-message") << QByteArray("just text\n") << QByteArray("mime.not-a-message");
    QTest::newRow("not-for-us")
        << QByteArray("From: a@b.example\nSubject: x\nContent-Type: application/pkcs7-mime; "
                      "smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nMAA=\n")
        << QByteArray("forward.unreadable");
}

void TestCliMarkings::whatCannotBeForwarded() {
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, code);
    const auto file = m_cli.file(s("odd.eml"), content);
    const auto ran = m_cli.run(words("plan --forward") + QStringList{file, s("--to"), kJo}, "x\n");
    QVERIFY(ran.code != 0);
    QVERIFY2(ran.err.contains(code), ran.all().constData());
}

QTEST_GUILESS_MAIN(TestCliMarkings)
#include "tst_CliMarkings.moc"
