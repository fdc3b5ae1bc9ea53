// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Plans.h"
#include "ui/SendOutcome.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sealpost;
using submit::Delivery;

class TestSendOutcome final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        mail::Draft draft;
        draft.to = {testing::address("jo@court.example"), testing::address("al@council.example")};
        draft.bcc = {testing::address("mo@council.example")};
        m_plan = testing::makePlan(
            draft, {{"court.example", RouteKind::Smime}, {"council.example", RouteKind::Tls}});
        QCOMPARE(static_cast<int>(m_plan->transmissions.size()), 3);
    }

    void allAcceptedLeavesNothing() {
        const auto receipts = testing::receiptsFor(*m_plan, Delivery::Accepted);
        QVERIFY(!ui::remainingDraft(*m_plan, receipts));
        QCOMPARE(ui::outcomeTitle(ui::outcomesOf(*m_plan, receipts)), QStringLiteral("Sent"));
    }

    void onlyWhoHasNotGotItStays_data() {
        QTest::addColumn<int>("delivery");
        QTest::addColumn<bool>("stays");
        QTest::newRow("refused") << static_cast<int>(Delivery::Refused) << true;
        QTest::newRow("deferred but given back") << static_cast<int>(Delivery::Deferred) << true;
        QTest::newRow("not sent") << static_cast<int>(Delivery::NotSent) << true;
        QTest::newRow("uncertain is for a decision, never for a second try")
            << static_cast<int>(Delivery::Uncertain) << false;
    }
    void onlyWhoHasNotGotItStays() {
        QFETCH(int, delivery);
        QFETCH(bool, stays);
        auto receipts = testing::receiptsFor(*m_plan, Delivery::Accepted);
        receipts[1].outcome.delivery = static_cast<Delivery>(delivery);
        receipts[1].outcome.recipients[0].delivery = static_cast<Delivery>(delivery);
        const auto rest = ui::remainingDraft(*m_plan, receipts);
        QCOMPARE(rest.has_value(), stays);
        if (stays) {
            QCOMPARE(static_cast<int>(rest->to.size()), 1);
            QCOMPARE(rest->to.front().spec(), std::string("al@council.example"));
            QVERIFY(rest->bcc.empty());
        }
    }

    void whoWaitsInTheOutboxIsNotInTheDraft_data() {
        QTest::addColumn<int>("delivery");
        QTest::newRow("deferred") << static_cast<int>(Delivery::Deferred);
        QTest::newRow("no network") << static_cast<int>(Delivery::NotSent);
    }
    void whoWaitsInTheOutboxIsNotInTheDraft() {
        QFETCH(int, delivery);
        auto receipts = testing::receiptsFor(*m_plan, static_cast<Delivery>(delivery));
        for (auto &receipt : receipts) {
            receipt.waits = true;
        }
        QVERIFY(!ui::remainingDraft(*m_plan, receipts));
        QCOMPARE(ui::outcomeTitle(ui::outcomesOf(*m_plan, receipts)),
                 QStringLiteral("Waiting in the outbox"));
        receipts[0] = testing::receiptsFor(*m_plan, Delivery::Accepted)[0];
        QCOMPARE(ui::outcomeTitle(ui::outcomesOf(*m_plan, receipts)),
                 QStringLiteral("Sent to some; the others are tried again"));
    }

    void whoWasRefusedStaysThoughOthersWait() {
        m_plan->transmissions[0].recipients.push_back(m_plan->transmissions[1].recipients[0]);
        m_plan->transmissions.erase(m_plan->transmissions.begin() + 1, m_plan->transmissions.end());
        auto receipts = testing::receiptsFor(*m_plan, Delivery::Deferred);
        receipts[0].outcome.recipients[1].delivery = Delivery::Refused;
        const auto rest = ui::remainingDraft(*m_plan, receipts);
        QVERIFY(rest);
        QCOMPARE(rest->to.size(), std::size_t{1});
        QCOMPARE(rest->to.front().spec(), std::string("al@council.example"));
    }

    void aTransmissionWithoutReceiptWasNotSent() {
        auto receipts = testing::receiptsFor(*m_plan, Delivery::Accepted);
        receipts.pop_back();
        const auto rest = ui::remainingDraft(*m_plan, receipts);
        QVERIFY(rest.has_value());
        QVERIFY(rest->to.empty());
        QCOMPARE(rest->bcc.front().spec(), std::string("mo@council.example"));
        QCOMPARE(ui::outcomeTitle(ui::outcomesOf(*m_plan, receipts)),
                 QStringLiteral("Sent to some of the recipients"));
    }

    void aReceiptWithoutRecipientsCountsForAllOfThem() {
        auto receipts = testing::receiptsFor(*m_plan, Delivery::NotSent);
        for (auto &receipt : receipts) {
            receipt.outcome.recipients.clear();
        }
        QCOMPARE(ui::outcomeTitle(ui::outcomesOf(*m_plan, receipts)), QStringLiteral("Not sent"));
        const auto rest = ui::remainingDraft(*m_plan, receipts);
        QCOMPARE(rest->to.size(), m_plan->draft.to.size());
    }

    void technicalDetailsAndJson() {
        const auto receipts = testing::receiptsFor(*m_plan, Delivery::Accepted);
        const auto text = ui::technicalText(receipts.front());
        for (const auto *part : {"TLSv1.3", "TLS_AES_256_GCM_SHA384", "CN=smtp.justice.example",
                                 "250 2.0.0 Ok", "4F1", "AES-256-CBC", "<1234@justice.example>"}) {
            QVERIFY2(text.contains(QString::fromLatin1(part)), part);
        }
        const auto json =
            QJsonDocument::fromJson(QByteArray::fromStdString(ui::receiptsAsJson(receipts)));
        QCOMPARE(json.object().value(QStringLiteral("receipts")).toArray().size(), 3);
    }

private:
    std::shared_ptr<send::SendPlan> m_plan;
};

QTEST_MAIN(TestSendOutcome)
#include "tst_SendOutcome.moc"
