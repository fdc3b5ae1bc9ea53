// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace sealpost::send;
using namespace sealpost::send::testing;
using store::OutboxState;
using submit::Delivery;

Q_DECLARE_METATYPE(sealpost::policy::RevocationUnknown)

//! What waits in the outbox is tried again: when, for whom, and when not.
class TstRetry : public QObject {
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void onlyTheDeferredRecipientIsTriedAgain();
    void whatIsDueIsTried();
    void whatAPersonHasToMendIsNotTriedByItself_data();
    void whatAPersonHasToMendIsNotTriedByItself();
    void whatWaitsSurvivesAClockThatJumps();
    void givenUpAfterThePolicysTime();
    void afterThePlansExpiryTheCertificateIsLookedAtAgain();
    void unknownRevocationIsTreatedAsPolicySays_data();
    void unknownRevocationIsTreatedAsPolicySays();
    void anotherAccountsTroubleHarmsNoOther();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] World world() const { return World(m_folder->path().toStdString()); }
    static Result<std::vector<Receipt>> send(World &there, const SendPlan &plan,
                                             OnTemporaryFailure onFailure) {
        return there.executor().execute(plan, World::approve(plan), onFailure, soon(), {});
    }
};

void TstRetry::onlyTheDeferredRecipientIsTriedAgain() {
    auto there = world();
    there.submitter->perRecipient = {{"b@court.example", Delivery::Deferred}};
    const auto sent = send(there, *there.planFor(draft("a@court.example, b@court.example")),
                           OnTemporaryFailure::Discard);
    QVERIFY(sent);
    const auto id = sent->front().outboxId;
    const auto entry = there.outbox->entry(id).value();
    QVERIFY(entry.state == OutboxState::Deferred);
    QCOMPARE(entry.settled, std::vector<std::string>{"a@court.example"});
    there.submitter->perRecipient.clear();
    const auto again = there.executor().submitQueued(id, account(), soon(), {});
    QVERIFY(again);
    QCOMPARE(there.submitter->delivered.back().recipients,
             std::vector<std::string>{"b@court.example"});
    QCOMPARE(again->messageId, sent->front().messageId);
    QVERIFY(there.outbox->entry(id).value().state == OutboxState::Accepted);
}

void TstRetry::whatIsDueIsTried() {
    auto there = world();
    there.submitter->answers = {Delivery::Deferred, Delivery::Deferred};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep);
    const auto id = sent->front().outboxId;
    const std::array accounts = {account()};
    const auto first = there.outbox->entry(id).value();
    QVERIFY(first.nextTry > there.clock->now());
    QVERIFY(first.nextTry <= there.clock->now() + 75s);
    const auto early = there.executor().submitDue(accounts, DueFor::Time, soon(), {});
    QVERIFY(early && early->receipts.empty() && early->notTried.empty());

    there.clock->advance(76s);
    const auto due = there.executor().submitDue(accounts, DueFor::Time, soon(), {});
    QCOMPARE(due->receipts.size(), 1U);
    QVERIFY(there.outbox->entry(id).value().state == OutboxState::Deferred);
    QVERIFY(there.outbox->entry(id).value().nextTry >= there.clock->now() + 90s);

    there.clock->advance(151s);
    QCOMPARE(there.executor().submitDue(accounts, DueFor::Time, soon(), {})->receipts.size(), 1U);
    QVERIFY(there.outbox->entry(id).value().state == OutboxState::Accepted);
    QCOMPARE(there.submitter->delivered.size(), 1U);
    QVERIFY(there.executor().submitDue(accounts, DueFor::Time, soon(), {})->receipts.empty());
}

void TstRetry::whatAPersonHasToMendIsNotTriedByItself_data() {
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("reaction");
    QTest::addColumn<bool>("tried");
    const auto row = [](const char *code, Reaction reaction, bool tried) {
        QTest::newRow(code) << QString::fromLatin1(code) << static_cast<int>(reaction) << tried;
    };
    row("submit.auth-failed", Reaction::FixInput, false);
    row("oauth.sign-in", Reaction::FixInput, false);
    row("oauth.no-tokens", Reaction::FixInput, false);
    row("account.no-password", Reaction::FixInput, false);
    row("proxy.sign-in", Reaction::AskAdmin, false);
    row("oauth.discovery", Reaction::AskAdmin, true);
    row("keychain.locked", Reaction::FixInput, true);
    row("tls.certificate", Reaction::AskAdmin, true);
    row("net.refused", Reaction::Retry, true);
}

//! Another try with the same password would only lock the account.
void TstRetry::whatAPersonHasToMendIsNotTriedByItself() {
    QFETCH(QString, code);
    QFETCH(int, reaction);
    QFETCH(bool, tried);
    auto there = world();
    there.submitter->answers = {Delivery::NotSent, Delivery::NotSent};
    there.submitter->notSentBecause =
        Error{code.toStdString(), "submit", static_cast<Reaction>(reaction), {}, {}};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep);
    const auto id = sent->front().outboxId;
    const auto entry = there.outbox->entry(id).value();
    QVERIFY(entry.state == OutboxState::Deferred);
    QCOMPARE(entry.lastError, code.toStdString());
    QCOMPARE(entry.nextTry != Time{}, tried);
    there.clock->advance(2h);
    const std::array accounts = {account()};
    const auto due = there.executor().submitDue(accounts, DueFor::Time, soon(), {});
    QCOMPARE(due->receipts.size(), tried ? 1U : 0U);
    // A person may, at any time.
    there.submitter->answers.clear();
    QVERIFY(there.executor().submitQueued(id, account(), soon(), {}));
    QVERIFY(there.outbox->entry(id).value().state == OutboxState::Accepted);
}

//! Queued while the clock was years ahead, which is mended afterwards.
void TstRetry::whatWaitsSurvivesAClockThatJumps() {
    auto there = world();
    constexpr std::chrono::hours kYear{24 * 365};
    there.clock->advance(kYear);
    there.submitter->answers = {Delivery::Deferred, Delivery::Deferred};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep);
    const std::array accounts = {account()};
    there.clock->advance(-kYear);
    QCOMPARE(there.executor().submitDue(accounts, DueFor::Time, soon(), {})->receipts.size(), 1U);
    // Put off again under the right clock: not at every look.
    QVERIFY(there.executor().submitDue(accounts, DueFor::Time, soon(), {})->receipts.empty());
    there.clock->advance(10min);
    QCOMPARE(there.executor().submitDue(accounts, DueFor::Time, soon(), {})->receipts.size(), 1U);
    QVERIFY(there.outbox->entry(sent->front().outboxId).value().state == OutboxState::Accepted);
    QVERIFY(there.journal->verify().value().intact);
}

void TstRetry::givenUpAfterThePolicysTime() {
    auto there = world();
    there.policy.submission.retryFor = 2h;
    there.submitter->answers = {Delivery::Deferred};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep);
    there.clock->advance(2h + 1s);
    const std::array accounts = {account()};
    QVERIFY(there.executor().submitDue(accounts, DueFor::Time, soon(), {})->receipts.empty());
    const auto entry = there.outbox->entry(sent->front().outboxId).value();
    QVERIFY(entry.state == OutboxState::Failed);
    QCOMPARE(entry.lastError, "outbox.gave-up");
    QCOMPARE(there.journal->list().value().back().event, "outbox.gave-up");
    QVERIFY(there.submitter->delivered.empty());
}

void TstRetry::afterThePlansExpiryTheCertificateIsLookedAtAgain() {
    auto there = world();
    there.submitter->answers = {Delivery::Deferred, Delivery::Deferred};
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    const auto sent = send(there, *there.planFor(what), OnTemporaryFailure::Keep);
    const auto id = sent->front().outboxId;
    there.certificates->byAddress["jo@court.example"].state = crypto::CertificateState::Revoked;
    // Within the plan's life, what was decided stands.
    QVERIFY(there.executor().submitQueued(id, account(), soon(), {}));
    there.clock->advance(there.policy.planLifetime + 1s);
    const auto late = there.executor().submitQueued(id, account(), soon(), {});
    QVERIFY(!late);
    QCOMPARE(late.error().code, "outbox.certificate-changed");
    QCOMPARE(late.error().logSafeDetail, "revoked");
    const std::array accounts = {account()};
    const auto due = there.executor().submitDue(accounts, DueFor::Time, soon(), {});
    QCOMPARE(due->notTried.size(), 1U);
    QVERIFY(there.submitter->delivered.empty());
    there.certificates->byAddress["jo@court.example"].state = crypto::CertificateState::Usable;
    QVERIFY(there.executor().submitQueued(id, account(), soon(), {}));
    QCOMPARE(there.submitter->delivered.size(), 1U);
}

void TstRetry::unknownRevocationIsTreatedAsPolicySays_data() {
    using policy::RevocationUnknown;
    QTest::addColumn<RevocationUnknown>("policy");
    QTest::addColumn<bool>("unknownBefore");
    QTest::addColumn<bool>("goes");
    QTest::newRow("allowed") << RevocationUnknown::Allow << false << true;
    QTest::newRow("a reason was given for it") << RevocationUnknown::Justify << true << true;
    QTest::newRow("no reason was given") << RevocationUnknown::Justify << false << false;
    QTest::newRow("blocked") << RevocationUnknown::Block << false << false;
}

void TstRetry::unknownRevocationIsTreatedAsPolicySays() {
    QFETCH(policy::RevocationUnknown, policy);
    QFETCH(bool, unknownBefore);
    QFETCH(bool, goes);
    auto there = world();
    there.policy.revocationUnknown = policy;
    there.submitter->answers = {Delivery::Deferred};
    auto &state = there.certificates->byAddress["jo@court.example"].state;
    const auto before = state;
    if (unknownBefore) {
        state = crypto::CertificateState::RevocationUnknown;
    }
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    const auto plan = there.planFor(what);
    auto approval = World::approve(*plan);
    approval.justification = "The authority's list can't be reached, and it is urgent";
    const auto sent =
        there.executor().execute(*plan, approval, OnTemporaryFailure::Keep, soon(), {});
    QVERIFY2(sent, sent ? "" : sent.error().code.c_str());
    const auto id = sent->front().outboxId;
    state = crypto::CertificateState::RevocationUnknown;
    there.clock->advance(there.policy.planLifetime + 1s);
    const auto late = there.executor().submitQueued(id, account(), soon(), {});
    QCOMPARE(late.has_value(), goes);
    if (!goes) {
        QCOMPARE(late.error().code, "outbox.revocation-unknown");
        QVERIFY(late.error().reaction == Reaction::Retry);
        state = before; // the authority can be reached again
        QVERIFY(there.executor().submitQueued(id, account(), soon(), {}));
    }
    QCOMPARE(there.submitter->delivered.size(), 1U);
}

void TstRetry::anotherAccountsTroubleHarmsNoOther() {
    auto there = world();
    there.submitter->answers = {Delivery::Deferred, Delivery::Deferred};
    QVERIFY(send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep));
    auto other = account();
    other.name = "gone";
    const auto plan = there.planner().plan(draft("b@court.example"), other, soon(), {}).value();
    QVERIFY(send(there, *plan, OnTemporaryFailure::Keep));
    there.clock->advance(80s);
    const std::array accounts = {account()};
    const auto due = there.executor().submitDue(accounts, DueFor::Time, soon(), {});
    QCOMPARE(due->receipts.size(), 1U);
    QCOMPARE(due->notTried.size(), 1U);
    QCOMPARE(due->notTried.front().second.code, "account.not-found");
}

QTEST_GUILESS_MAIN(TstRetry)
#include "tst_Retry.moc"
