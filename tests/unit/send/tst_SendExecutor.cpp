// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;
using store::OutboxState;
using submit::Delivery;

class TstSendExecutor : public QObject {
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void acceptedIsRecordedEverywhere();
    void sealedTextIsNotInWhatTheServerGets();
    void bccIsInNoHeaderOfAnyone();
    void changedApprovalIsRefused();
    void expiredPlanIsRefused();
    void blockedPlanIsRefused();
    void owedIsRefusedAndAnsweredGoes();
    void attachmentChangedAfterApproval();
    void attachmentGoneAfterApproval();
    void sealerFailureLeavesNothing();
    void temporaryFailure_data();
    void temporaryFailure();
    void partlySentKeepsTheRest();
    void uncertainIsKeptAndNotResent();
    void retrySendsWhatWaits();
    void retryByTlsAsksTheDomainAgain();
    void missingPasswordStopsBeforeAnythingIsWritten();
    void omeTriggerIsInTheMessage();
    void whomItWasAcceptedForIsRemembered();
    void overrideIsJournaledWithItsReason();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] World world() const { return World(m_folder->path().toStdString()); }
    static Result<std::vector<Receipt>> send(World &there, const SendPlan &plan,
                                             OnTemporaryFailure onFailure) {
        return there.executor().execute(plan, World::approve(plan), onFailure, soon(), {});
    }
};

void TstSendExecutor::acceptedIsRecordedEverywhere() {
    auto there = world();
    const auto plan = there.planFor(draft("a@court.example"));
    const auto receipts = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(receipts);
    QCOMPARE(receipts->size(), 1U);
    QVERIFY(receipts->front().outcome.delivery == Delivery::Accepted);
    QVERIFY(!receipts->front().notRecorded);
    const auto entries = there.outbox->list().value();
    QCOMPARE(entries.size(), 1U);
    QVERIFY(entries.front().state == OutboxState::Accepted);
    QVERIFY(entries.front().receiptJson.find("4F1") != std::string::npos);
    QStringList events;
    const auto lines = there.journal->list().value();
    for (const auto &line : lines) {
        events.append(QString::fromStdString(line.event));
    }
    QCOMPARE(events.join(QLatin1Char(' ')),
             QStringLiteral("plan.approved outbox.queued submission.accepted"));
    QVERIFY(there.journal->verify().value().intact);
}

void TstSendExecutor::sealedTextIsNotInWhatTheServerGets() {
    auto there = world();
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    const auto plan = there.planFor(what);
    const auto receipts = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(receipts);
    const auto &message = there.submitter->delivered.front().message;
    QVERIFY(message.find("minutes are below") == std::string::npos);
    QVERIFY(message.find("Minutes of Tuesday") == std::string::npos);
    QVERIFY(message.find("application/pkcs7-mime") != std::string::npos);
    QVERIFY(message.find("Subject: [...]") != std::string::npos);
    const std::vector<std::string> expected{"fp-jo@court.example", "fp-sam@justice.example"};
    QVERIFY(receipts->front().smime.encryptedTo == expected);
}

void TstSendExecutor::bccIsInNoHeaderOfAnyone() {
    auto there = world();
    auto what = draft("a@court.example");
    what.bcc = mail::Address::parseList("hidden@council.example").value();
    const auto plan = there.planFor(what);
    QVERIFY(send(there, *plan, OnTemporaryFailure::Discard));
    QCOMPARE(there.submitter->delivered.size(), 2U);
    for (const auto &delivered : there.submitter->delivered) {
        QCOMPARE(delivered.recipients.size(), 1U);
        QVERIFY(delivered.message.find("hidden") == std::string::npos);
    }
}

void TstSendExecutor::changedApprovalIsRefused() {
    auto there = world();
    const auto plan = there.planFor(draft("a@court.example"));
    Approvals other;
    other.planDigest = "not this one";
    const auto sent =
        there.executor().execute(*plan, other, OnTemporaryFailure::Discard, soon(), {});
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "plan.changed");
    QVERIFY(there.submitter->delivered.empty());
    QVERIFY(there.outbox->list().value().empty());
}

void TstSendExecutor::expiredPlanIsRefused() {
    auto there = world();
    const auto plan = there.planFor(draft("a@court.example"));
    there.clock->advance(there.policy.planLifetime);
    const auto sent = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "plan.expired");
}

void TstSendExecutor::blockedPlanIsRefused() {
    auto there = world();
    const auto plan = there.planFor(draft("a@court.example, it@oldmail.example"));
    const auto sent = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "plan.blocked");
    QVERIFY(there.submitter->delivered.empty());
}

void TstSendExecutor::owedIsRefusedAndAnsweredGoes() {
    auto there = world();
    const auto plan = there.planFor(draft("a@nowhere.example"));
    const auto refused = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, "plan.owed");
    QCOMPARE(refused.error().logSafeDetail, "tls.justification");
    auto approvals = World::approve(*plan);
    approvals.justification = "Agreed by telephone with the court";
    QVERIFY(there.executor().execute(*plan, approvals, OnTemporaryFailure::Discard, soon(), {}));
    const auto line = there.journal->list().value().front();
    QCOMPARE(line.facts.at("justification"), approvals.justification);
}

void TstSendExecutor::attachmentChangedAfterApproval() {
    auto there = world();
    const auto file = std::filesystem::path(m_folder->path().toStdString()) / "note.txt";
    std::ofstream(file) << "before";
    auto what = draft("a@court.example");
    what.attachments = {{file, "note.txt"}};
    const auto plan = there.planFor(what);
    std::ofstream(file) << "after!";
    const auto sent = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "plan.changed");
    QVERIFY(there.submitter->delivered.empty());
}

void TstSendExecutor::attachmentGoneAfterApproval() {
    auto there = world();
    const auto file = std::filesystem::path(m_folder->path().toStdString()) / "note.txt";
    std::ofstream(file) << "before";
    auto what = draft("a@court.example");
    what.attachments = {{file, "note.txt"}};
    const auto plan = there.planFor(what);
    std::filesystem::remove(file);
    const auto sent = send(there, *plan, OnTemporaryFailure::Discard);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "attachment.missing");
    QVERIFY(there.outbox->list().value().empty());
}

void TstSendExecutor::sealerFailureLeavesNothing() {
    auto there = world();
    auto what = draft("jo@court.example");
    what.bcc = mail::Address::parseList("a@council.example").value();
    const auto plan = there.planFor(what);
    QVERIFY(plan->transmissions.size() == 2);
    auto sealed = draft("jo@court.example");
    sealed.protect = RouteKind::Smime;
    there.sealer->failure = Error{"smime.encrypt", "seal", Reaction::AskAdmin, {}, {}};
    const auto sent = send(there, *there.planFor(sealed), OnTemporaryFailure::Keep);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "smime.encrypt");
    QVERIFY(there.outbox->list().value().empty());
    QVERIFY(there.submitter->delivered.empty());
}

void TstSendExecutor::temporaryFailure_data() {
    QTest::addColumn<int>("delivery");
    QTest::addColumn<bool>("keep");
    QTest::addColumn<int>("left");
    QTest::newRow("deferred-kept") << static_cast<int>(Delivery::Deferred) << true << 1;
    QTest::newRow("deferred-discarded") << static_cast<int>(Delivery::Deferred) << false << 0;
    QTest::newRow("not-sent-kept") << static_cast<int>(Delivery::NotSent) << true << 1;
    QTest::newRow("not-sent-discarded") << static_cast<int>(Delivery::NotSent) << false << 0;
    QTest::newRow("uncertain-never-discarded")
        << static_cast<int>(Delivery::Uncertain) << false << 1;
}

void TstSendExecutor::temporaryFailure() {
    QFETCH(int, delivery);
    QFETCH(bool, keep);
    QFETCH(int, left);
    auto there = world();
    there.submitter->answers = {static_cast<Delivery>(delivery)};
    const auto plan = there.planFor(draft("a@court.example"));
    const auto sent =
        send(there, *plan, keep ? OnTemporaryFailure::Keep : OnTemporaryFailure::Discard);
    QVERIFY(sent);
    QVERIFY(sent->front().outcome.delivery == static_cast<Delivery>(delivery));
    QCOMPARE(static_cast<int>(there.outbox->list().value().size()), left);
    QVERIFY(there.journal->verify().value().intact);
}

void TstSendExecutor::partlySentKeepsTheRest() {
    auto there = world();
    there.submitter->answers = {Delivery::Accepted, Delivery::Deferred};
    auto what = draft("a@court.example");
    what.bcc = mail::Address::parseList("b@council.example").value();
    const auto sent = send(there, *there.planFor(what), OnTemporaryFailure::Discard);
    QVERIFY(sent);
    const auto entries = there.outbox->list().value();
    QCOMPARE(entries.size(), 2U);
    QVERIFY(entries.front().state == OutboxState::Accepted);
    QVERIFY(entries.back().state == OutboxState::Deferred);
}

void TstSendExecutor::uncertainIsKeptAndNotResent() {
    auto there = world();
    there.submitter->answers = {Delivery::Uncertain};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Discard);
    const auto id = sent->front().outboxId;
    QVERIFY(there.outbox->entry(id).value().state == OutboxState::Uncertain);
    const auto again = there.executor().submitQueued(id, account(), soon(), {});
    QVERIFY(!again);
    QCOMPARE(again.error().code, "outbox.not-waiting");
    QCOMPARE(there.submitter->delivered.size(), 1U);
}

void TstSendExecutor::retrySendsWhatWaits() {
    auto there = world();
    there.submitter->answers = {Delivery::Deferred};
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    const auto sent = send(there, *there.planFor(what), OnTemporaryFailure::Keep);
    const auto again = there.executor().submitQueued(sent->front().outboxId, account(), soon(), {});
    QVERIFY(again);
    QVERIFY(again->outcome.delivery == Delivery::Accepted);
    QCOMPARE(again->messageId, sent->front().messageId);
    QCOMPARE(there.submitter->delivered.size(), 1U);
}

void TstSendExecutor::retryByTlsAsksTheDomainAgain() {
    auto there = world();
    there.submitter->answers = {Delivery::Deferred};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep);
    there.reports->assurances["court.example"] = Assurance::None;
    const auto id = sent->front().outboxId;
    const auto refused = there.executor().submitQueued(id, account(), soon(), {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, "outbox.domain-changed");
    QVERIFY(there.submitter->delivered.empty());
    there.reports->assurances["court.example"] = Assurance::Verified;
    QVERIFY(there.executor().submitQueued(id, account(), soon(), {}));
    QCOMPARE(there.submitter->delivered.size(), 1U);
}

void TstSendExecutor::missingPasswordStopsBeforeAnythingIsWritten() {
    auto there = world();
    auto from = account();
    from.userName = "sam";
    const auto plan = there.planner().plan(draft("a@court.example"), from, soon(), {}).value();
    const auto sent = send(there, *plan, OnTemporaryFailure::Keep);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, "account.no-password");
    QVERIFY(there.outbox->list().value().empty());
    QVERIFY(there.journal->list().value().empty());
}

void TstSendExecutor::omeTriggerIsInTheMessage() {
    auto there = world();
    there.policy.ome = {
        {"justice.example"}, {"smtp.justice.example"}, "X-Encrypt-This: yes", "[secure]"};
    auto what = draft("a@court.example");
    what.protect = RouteKind::Ome;
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::Discard));
    what.protect = RouteKind::Tls;
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::Discard));
    const auto header = [](const std::string &message) {
        return message.substr(0, message.find("\r\n\r\n") + 2);
    };
    const auto by = header(there.submitter->delivered.at(0).message);
    QVERIFY(by.find("\r\nX-Encrypt-This: yes\r\n") != std::string::npos);
    QVERIFY(by.find("Subject: [secure] Minutes of Tuesday\r\n") != std::string::npos);
    QVERIFY(by.find("multipart/signed") == std::string::npos);
    const auto tls = header(there.submitter->delivered.at(1).message);
    QVERIFY(tls.find("X-Encrypt-This") == std::string::npos);
    QVERIFY(tls.find("[secure]") == std::string::npos);
}

void TstSendExecutor::whomItWasAcceptedForIsRemembered() {
    auto there = world();
    const auto knows = [&](const char *address) {
        return there.used->contains(mail::Address::parse(address).value()).value();
    };
    there.submitter->answers = {Delivery::Refused, Delivery::Uncertain, Delivery::Accepted};
    for (const auto *to : {"a@court.example", "b@court.example", "c@council.example"}) {
        QVERIFY(send(there, *there.planFor(draft(to)), OnTemporaryFailure::Discard));
    }
    QVERIFY(!knows("a@court.example"));
    QVERIFY(!knows("b@court.example"));
    QVERIFY(knows("c@council.example"));
    QCOMPARE(there.used->domains().value(), std::set<std::string>{"council.example"});
}

void TstSendExecutor::overrideIsJournaledWithItsReason() {
    auto there = world();
    const auto plan = there.planFor(draft("a@nowhere.example"));
    auto approvals = World::approve(*plan);
    approvals.justification = "Agreed by telephone with the court";
    QVERIFY(there.executor().execute(*plan, approvals, OnTemporaryFailure::Discard, soon(), {}));
    const auto line = there.journal->list().value().front();
    QCOMPARE(line.facts.at("overridden"), "tls.justification");
    QCOMPARE(line.facts.at("justification"), "Agreed by telephone with the court");
    auto strict = world();
    strict.policy.decision[policy::MessageClass::OfficialDomainUnknown].routes = {RouteKind::Smime};
    const auto blocked = strict.planFor(draft("a@nowhere.example"));
    approvals.planDigest = blocked->digest;
    // Where policy allows no override, a reason is no key.
    const auto refused =
        strict.executor().execute(*blocked, approvals, OnTemporaryFailure::Discard, soon(), {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, "plan.blocked");
}

QTEST_GUILESS_MAIN(TstSendExecutor)
#include "tst_SendExecutor.moc"
