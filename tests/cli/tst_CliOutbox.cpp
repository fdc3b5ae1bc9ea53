// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QJsonArray>
#include <QtTest>

using namespace sealpost::test;

class TestCliOutbox : public QObject {
    Q_OBJECT
private slots:
    void refusedIsPermanent();
    void oneRefusedOfTwo();
    void deferredIsNotKept();
    void deferredIsKeptAndRetried();
    void whatWaitsIsADraftAgain();
    void whatWaitsIsNotSentASecondTime();
    void uncertainIsNeverResentUnasked();
    void unknownEntry();

private:
    [[nodiscard]] Ran send(const char *localPart, const QStringList &more = {}) const {
        return m_cli.json(
            QStringList{QStringLiteral("send"), QStringLiteral("--to"),
                        QLatin1String(localPart) + QStringLiteral("@council.practice.example")} +
                more,
            "Hello\n");
    }
    [[nodiscard]] Ran outbox(const QStringList &args) const {
        return m_cli.json(QStringList(QStringLiteral("outbox")) + args);
    }
    //! The one entry that is in this state, or an empty object.
    [[nodiscard]] QJsonObject entry(const QString &state) const {
        const auto list = outbox({QStringLiteral("list")});
        for (int line = 0; line < list.lines().size(); ++line) {
            if (list.json(line)[QStringLiteral("state")].toString() == state) {
                return list.json(line);
            }
        }
        return {};
    }

    CliHarness m_cli;
};

void TestCliOutbox::refusedIsPermanent() {
    const auto ran = send("nobody");
    VERIFY_CODE(ran, 6);
    VERIFY_SCHEMA(ran.out, "send");
    QVERIFY(ran.out.contains("550 5.1.1"));
    QVERIFY(m_cli.inbox().isEmpty());
}

void TestCliOutbox::oneRefusedOfTwo() {
    const auto ran = send(
        "alex.marsh", {QStringLiteral("--cc"), QStringLiteral("nobody@council.practice.example")});
    VERIFY_CODE(ran, 6);
    QCOMPARE(m_cli.inbox().size(), 1);
    const auto receipt = ran.json()[QStringLiteral("receipts")].toArray().at(0).toObject();
    const auto recipients = receipt[QStringLiteral("recipients")].toArray();
    QCOMPARE(recipients.size(), 2);
    QCOMPARE(recipients.at(0)[QStringLiteral("delivery")].toString(), QStringLiteral("accepted"));
    QCOMPARE(recipients.at(1)[QStringLiteral("delivery")].toString(), QStringLiteral("refused"));
}

void TestCliOutbox::deferredIsNotKept() {
    VERIFY_CODE(send("busy"), 5);
    QVERIFY(entry(QStringLiteral("deferred")).isEmpty());
}

void TestCliOutbox::deferredIsKeptAndRetried() {
    VERIFY_CODE(send("busy", {QStringLiteral("--queue")}), 5);
    const auto list = outbox({QStringLiteral("list")});
    VERIFY_SCHEMA(list.out, "outbox-entry");
    const auto kept = entry(QStringLiteral("deferred"));
    const auto id = QString::number(kept[QStringLiteral("id")].toInt());
    QCOMPARE(kept[QStringLiteral("attempts")].toInt(), 1);

    const auto again = outbox({QStringLiteral("retry"), id});
    VERIFY_CODE(again, 5);
    VERIFY_SCHEMA(again.out, "outbox-retry");
    QCOMPARE(entry(QStringLiteral("deferred"))[QStringLiteral("attempts")].toInt(), 2);
    VERIFY_CODE(outbox({QStringLiteral("resolve"), id, QStringLiteral("--sent")}), 6);

    const auto gone = outbox({QStringLiteral("discard"), id});
    VERIFY_CODE(gone, 0);
    VERIFY_SCHEMA(gone.out, "outbox-discard");
    QVERIFY(entry(QStringLiteral("deferred")).isEmpty());
    const auto journal = m_cli.run({QStringLiteral("journal"), QStringLiteral("export")});
    QVERIFY(journal.out.contains("outbox.discarded"));
}

//! With those alone whom it has not reached, and only what has not ended.
void TestCliOutbox::whatWaitsIsADraftAgain() {
    VERIFY_CODE(send("busy", {QStringLiteral("--cc"),
                              QStringLiteral("alex.marsh@council.practice.example")}),
                5);
    const auto id =
        QString::number(entry(QStringLiteral("deferred"))[QStringLiteral("id")].toInt());
    const auto back = outbox({QStringLiteral("take-back"), id});
    VERIFY_CODE(back, 0);
    VERIFY_SCHEMA(back.out, "outbox-take-back");
    QCOMPARE(back.json()[QStringLiteral("to")].toArray(),
             QJsonArray({QStringLiteral("busy@council.practice.example")}));
    QVERIFY(back.json()[QStringLiteral("cc")].toArray().isEmpty());
    QVERIFY(back.json()[QStringLiteral("body")].toString().startsWith(QStringLiteral("Hello")));
    QVERIFY(entry(QStringLiteral("deferred")).isEmpty());
    VERIFY_CODE(outbox({QStringLiteral("take-back"), id}), 6);

    VERIFY_CODE(send("alex.marsh", {QStringLiteral("--subject"), QStringLiteral("Other")}), 0);
    const auto accepted =
        QString::number(outbox({QStringLiteral("list")}).lines().isEmpty()
                            ? 0
                            : entry(QStringLiteral("accepted"))[QStringLiteral("id")].toInt());
    const auto gone = outbox({QStringLiteral("take-back"), accepted});
    VERIFY_CODE(gone, 6);
    QVERIFY(gone.out.contains("outbox.not-returnable"));
}

void TestCliOutbox::whatWaitsIsNotSentASecondTime() {
    const auto before = m_cli.inbox().size();
    // Somebody gets it, somebody is turned away for now: no --queue, yet it waits, and that is
    // said.
    const QStringList both{QStringLiteral("--cc"),
                           QStringLiteral("alex.marsh@council.practice.example")};
    const auto first = send("busy", both);
    const auto receipt = first.json()[QStringLiteral("receipts")].toArray().at(0).toObject();
    QVERIFY(receipt[QStringLiteral("waits")].toBool());
    const auto id = QString::number(receipt[QStringLiteral("outbox_id")].toInt());
    QCOMPARE(m_cli.inbox().size(), before + 1);

    const auto again = send("busy", both);
    VERIFY_CODE(again, 6);
    VERIFY_SCHEMA(again.out, "error");
    QVERIFY(again.out.contains("send.waits-already"));
    QVERIFY(again.out.contains("busy@council.practice.example"));
    QCOMPARE(m_cli.inbox().size(), before + 1); // the one who has it does not get it again
    VERIFY_CODE(outbox({QStringLiteral("discard"), id}), 0);
    VERIFY_CODE(send("busy"), 5);
}

void TestCliOutbox::uncertainIsNeverResentUnasked() {
    const auto before = m_cli.inbox().size();
    const auto ran = send("lost.line");
    VERIFY_CODE(ran, 7);
    QVERIFY(!ran.err.contains("Try again"));
    QCOMPARE(m_cli.inbox().size(), before + 1);
    const auto kept = entry(QStringLiteral("uncertain"));
    const auto id = QString::number(kept[QStringLiteral("id")].toInt());
    VERIFY_CODE(outbox({QStringLiteral("retry"), id}), 6);
    QCOMPARE(m_cli.inbox().size(), before + 1);
    VERIFY_CODE(outbox({QStringLiteral("resolve"), id}), 2);
    VERIFY_CODE(outbox({QStringLiteral("resolve"), id, QStringLiteral("--sent"),
                        QStringLiteral("--not-sent")}),
                2);

    const auto waits = outbox({QStringLiteral("resolve"), id, QStringLiteral("--not-sent")});
    VERIFY_CODE(waits, 0);
    VERIFY_SCHEMA(waits.out, "outbox-entry");
    QCOMPARE(waits.json()[QStringLiteral("state")].toString(), QStringLiteral("queued"));
    VERIFY_CODE(outbox({QStringLiteral("retry"), id}), 7);
    QCOMPARE(m_cli.inbox().size(), before + 2);
    const auto over = outbox({QStringLiteral("resolve"), id, QStringLiteral("--sent")});
    VERIFY_CODE(over, 0);
    QCOMPARE(over.json()[QStringLiteral("state")].toString(), QStringLiteral("accepted"));
    const auto verdict = m_cli.json({QStringLiteral("journal"), QStringLiteral("verify")});
    VERIFY_CODE(verdict, 0);
}

void TestCliOutbox::unknownEntry() {
    const auto ran = outbox({QStringLiteral("retry"), QStringLiteral("4711")});
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.out.contains("outbox.not-found"));
    VERIFY_CODE(outbox({QStringLiteral("retry"), QStringLiteral("four")}), 2);
}

QTEST_GUILESS_MAIN(TestCliOutbox)
#include "tst_CliOutbox.moc"
