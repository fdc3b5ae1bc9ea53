// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QJsonArray>
#include <QtTest>

using namespace sealpost::test;

namespace {

const auto kJo = QStringLiteral("jo.bloggs@court.practice.example");
const auto kAlex = QStringLiteral("alex.marsh@council.practice.example");
const auto kStranger = QStringLiteral("kim@court.practice.example");
const QByteArray kHarmless = "The car park opens at nine.\n";

QStringList idsOf(const QJsonArray &items) {
    QStringList ids;
    for (const auto &item : items) {
        ids.append(item.toObject()[QStringLiteral("id")].toString());
    }
    return ids;
}

QStringList owedBy(const Ran &ran) {
    return idsOf(ran.json()[QStringLiteral("confirmations")].toArray());
}

QStringList reasonsFor(const Ran &ran) {
    return idsOf(ran.json()[QStringLiteral("transmissions")]
                     .toArray()
                     .at(0)
                     .toObject()[QStringLiteral("reasons")]
                     .toArray());
}

QStringList blockedBy(const Ran &ran) {
    return idsOf(ran.json()[QStringLiteral("blocked")]
                     .toArray()
                     .at(0)
                     .toObject()[QStringLiteral("reasons")]
                     .toArray());
}

} // namespace

//! What the decision asks for beyond routes, from the command line through the practice server.
class TestCliDecision : public QObject {
    Q_OBJECT
private slots:
    void strangerIsConfirmedByAddressOnce();
    void lookAlikeIsNamedWhereBlocked();
    void omeTriggerTravels();
    void omeNeedsATenant();
    void passwordBesideAKeePassDatabase();
    void policyMayAllowNoOverride();
    void cjsmNeedsAll();

private:
    [[nodiscard]] Ran run(const char *verb, const QString &address, const QStringList &more,
                          const QByteArray &body = kHarmless, const QByteArray &policy = {}) const {
        QStringList args;
        if (!policy.isEmpty()) {
            args << QStringLiteral("--policy") << m_cli.file(QStringLiteral("policy.toml"), policy);
        }
        args << QLatin1String(verb) << QStringLiteral("--to") << address
             << QStringLiteral("--subject") << QStringLiteral("Parking") << more;
        return m_cli.json(args, body);
    }

    CliHarness m_cli;
};

void TestCliDecision::strangerIsConfirmedByAddressOnce() {
    const QStringList sensitive{QStringLiteral("--classification"),
                                QStringLiteral("OFFICIAL-SENSITIVE")};
    const QByteArray policy = "[decision.sensitive]\ntls-suffices = [\"verified\"]\n";
    const auto id = QStringLiteral("recipient.first-time:") + kStranger;
    const auto owed = run("send", kStranger, sensitive, kHarmless, policy);
    VERIFY_CODE(owed, 4);
    VERIFY_SCHEMA(owed.out, "send");
    QCOMPARE(owedBy(owed), QStringList(id));
    QVERIFY(owed.err.contains("--confirm recipient.first-time:kim@court.practice.example"));
    VERIFY_CODE(run("send", kStranger,
                    sensitive + QStringList{QStringLiteral("--confirm"),
                                            QStringLiteral("recipient.first-time")},
                    kHarmless, policy),
                4);
    VERIFY_CODE(run("send", kStranger, sensitive + QStringList{QStringLiteral("--confirm"), id},
                    kHarmless, policy),
                0);
    VERIFY_CODE(run("send", kStranger, sensitive, kHarmless, policy), 0);
}

void TestCliDecision::lookAlikeIsNamedWhereBlocked() {
    const auto ran = run("plan", QStringLiteral("jo.bloggs@c0urt.practice.example"), {});
    VERIFY_CODE(ran, 3);
    VERIFY_SCHEMA(ran.out, "plan");
    QCOMPARE(blockedBy(ran), QStringList({QStringLiteral("tls.undeliverable"),
                                          QStringLiteral("recipient.look-alike")}));
    QVERIFY(ran.err.contains("c0urt.practice.example looks like court.practice.example"));
}

void TestCliDecision::omeTriggerTravels() {
    const QByteArray policy = "[ome]\n"
                              "tenants = [\"justice.practice.example\"]\n"
                              "submission-hosts = [\"smtp.justice.practice.example\"]\n"
                              "trigger-header = \"X-Encrypt-This: yes\"\n"
                              "trigger-subject = \"[secure]\"\n";
    const auto ran =
        run("send", kAlex, {QStringLiteral("--protect"), QStringLiteral("ome")}, kHarmless, policy);
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "send");
    QCOMPARE(reasonsFor(ran), QStringList({QStringLiteral("ome.not-end-to-end"),
                                           QStringLiteral("ome.mail-flow-rule")}));
    QVERIFY(ran.out.contains("That is not end to end"));
    QVERIFY(ran.out.contains("That rule must exist"));
    const auto mail = m_cli.arrived(m_cli.inbox().last());
    QVERIFY(mail.contains("\r\nX-Encrypt-This: yes\r\n"));
    QVERIFY(mail.contains("Subject: [secure] Parking\r\n"));
    VERIFY_CODE(run("send", kAlex, {}, kHarmless, policy), 0);
    const auto byTls = m_cli.arrived(m_cli.inbox().last());
    QVERIFY(!byTls.contains("X-Encrypt-This"));
    QVERIFY(!byTls.contains("[secure]"));
}

void TestCliDecision::omeNeedsATenant() {
    const QStringList ome{QStringLiteral("--protect"), QStringLiteral("ome")};
    const auto none = run("plan", kAlex, ome);
    VERIFY_CODE(none, 3);
    QCOMPARE(blockedBy(none), QStringList(QStringLiteral("ome.not-set-up")));
    QVERIFY(none.err.contains("Ask your administrator"));
    const auto other = run("plan", kAlex, ome, kHarmless,
                           "[ome]\ntenants = [\"practice.example\"]\n"
                           "trigger-subject = \"[secure]\"\n");
    VERIFY_CODE(other, 3);
    QCOMPARE(blockedBy(other), QStringList(QStringLiteral("ome.account")));
}

void TestCliDecision::passwordBesideAKeePassDatabase() {
    const auto file =
        m_cli.file(QStringLiteral("team.kdbx"),
                   QByteArray("\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5") + QByteArray(200, 'x'));
    const QStringList attached{QStringLiteral("--classification"),
                               QStringLiteral("OFFICIAL-SENSITIVE"), QStringLiteral("--attach"),
                               file};
    const QByteArray body = "The password is hunter2correcthorse\n";
    const auto owed = run("send", kJo, attached, body);
    VERIFY_CODE(owed, 4);
    QCOMPARE(owedBy(owed), QStringList(QStringLiteral("content.key-with-lock")));
    QVERIFY(owed.err.contains("Use two ways"));
    QVERIFY(!owed.err.contains("hunter2"));
    VERIFY_CODE(run("send", kJo,
                    attached + QStringList{QStringLiteral("--justify"),
                                           QStringLiteral("Both are of a training system.")},
                    body),
                0);
    const auto barred = run("send", kJo, attached, body, "content.key-with-lock = \"block\"\n");
    VERIFY_CODE(barred, 3);
    QCOMPARE(blockedBy(barred), QStringList(QStringLiteral("content.key-with-lock")));
}

void TestCliDecision::policyMayAllowNoOverride() {
    const QByteArray body = "The password is hunter2correcthorse\n";
    const QStringList why{QStringLiteral("--justify"),
                          QStringLiteral("It is of a training system.")};
    VERIFY_CODE(run("send", kJo, why, body), 0);
    const auto barred = run("send", kJo, why, body, "content.below-minimum = \"block\"\n");
    VERIFY_CODE(barred, 3);
    QCOMPARE(blockedBy(barred), QStringList(QStringLiteral("scan.min-classification")));
    const auto journal = m_cli.run({QStringLiteral("journal"), QStringLiteral("export")});
    QVERIFY(journal.out.contains("overridden"));
    QVERIFY(journal.out.contains("It is of a training system."));
}

void TestCliDecision::cjsmNeedsAll() {
    const auto ran = run("plan", QStringLiteral("clerk@firm.example.cjsm.net"), {});
    VERIFY_CODE(ran, 3);
    const auto reasons = blockedBy(ran);
    for (const auto *id : {"cjsm.account-not-allowed", "cjsm.unmanaged-computer", "cjsm.only"}) {
        QVERIFY2(reasons.contains(QLatin1String(id)), id);
    }
}

QTEST_GUILESS_MAIN(TestCliDecision)
#include "tst_CliDecision.moc"
