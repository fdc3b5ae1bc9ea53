// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"
#include "send/SpokenFor.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <fstream>

using namespace sealpost;
using namespace std::chrono_literals;
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
    void revocationThatIsUnknownStandsInTheReceipt_data();
    void revocationThatIsUnknownStandsInTheReceipt();
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
    void theSameIsNotSentAgainToWhomItWaitsFor_data();
    void theSameIsNotSentAgainToWhomItWaitsFor();
    void whatWaitingDoesNotMendStaysWithTheCaller_data();
    void whatWaitingDoesNotMendStaysWithTheCaller();
    void whoWasRefusedIsNotTriedAgainWithTheOthers();
    void aDraftLosesWhoIsSpokenFor();
    void retrySendsWhatWaits();
    void retryByTlsAsksTheDomainAgain();
    void retryByCjsmLooksTheRecipientUpAgain_data();
    void retryByCjsmLooksTheRecipientUpAgain();
    void retryHoldsTheAccountToItsWay_data();
    void retryHoldsTheAccountToItsWay();
    void markingStandsInsideAndOutside();
    void disclaimerOnceForEachSideOfTheBorder();
    void oneSessionForAllTransmissions();
    void askedForByPolicy();
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

void TstSendExecutor::revocationThatIsUnknownStandsInTheReceipt_data() {
    QTest::addColumn<int>("rule");
    QTest::addColumn<QString>("letBy");
    QTest::newRow("allow") << static_cast<int>(policy::RevocationUnknown::Allow)
                           << QStringLiteral("policy");
    QTest::newRow("justify") << static_cast<int>(policy::RevocationUnknown::Justify)
                             << QStringLiteral("justification");
}

void TstSendExecutor::revocationThatIsUnknownStandsInTheReceipt() {
    QFETCH(const int, rule);
    QFETCH(const QString, letBy);
    auto there = world();
    there.policy.revocationUnknown = static_cast<policy::RevocationUnknown>(rule);
    there.certificates->byAddress["jo@court.example"].state =
        crypto::CertificateState::RevocationUnknown;
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    const auto plan = there.planFor(what);
    auto approvals = World::approve(*plan);
    approvals.justification = "The list is out of reach, and it can't wait.";
    const auto receipts =
        there.executor().execute(*plan, approvals, OnTemporaryFailure::Discard, soon(), {});
    QVERIFY(receipts);
    const auto smime = toJson(receipts->front())[QLatin1String("smime")].toObject();
    QCOMPARE(smime[QLatin1String("revocation_unknown")].toArray(),
             QJsonArray{QStringLiteral("jo@court.example")});
    QCOMPARE(smime[QLatin1String("revocation_let_by")].toString(), letBy);
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

void TstSendExecutor::theSameIsNotSentAgainToWhomItWaitsFor_data() {
    QTest::addColumn<int>("delivery");
    QTest::newRow("deferred") << static_cast<int>(Delivery::Deferred);
    QTest::newRow("not sent") << static_cast<int>(Delivery::NotSent);
    QTest::newRow("uncertain") << static_cast<int>(Delivery::Uncertain);
}

void TstSendExecutor::theSameIsNotSentAgainToWhomItWaitsFor() {
    QFETCH(int, delivery);
    auto there = world();
    there.submitter->answers = {static_cast<Delivery>(delivery)};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep);
    QVERIFY(sent);
    QCOMPARE(sent->front().waits, static_cast<Delivery>(delivery) != Delivery::Uncertain);
    const auto before = there.submitter->asked.size();
    // With another one beside, and as another kind of recipient: it is the content that counts.
    auto more = draft("b@court.example");
    more.cc = mail::Address::parseList("a@court.example").value();
    for (const auto &what : {draft("a@court.example"), more}) {
        const auto again = send(there, *there.planFor(what), OnTemporaryFailure::Discard);
        QVERIFY(!again);
        QCOMPARE(again.error().code, "send.waits-already");
        QCOMPARE(again.error().subject, "a@court.example");
        QCOMPARE(again.error().logSafeDetail, std::to_string(sent->front().outboxId));
    }
    QCOMPARE(there.submitter->asked.size(), before);
    QCOMPARE(there.outbox->list().value().size(), 1U);
    // Others may have it, this one may have something else; and the same once the entry is gone.
    QVERIFY(send(there, *there.planFor(draft("c@court.example")), OnTemporaryFailure::Discard));
    auto other = draft("a@court.example");
    other.body += "One more line.\n";
    QVERIFY(send(there, *there.planFor(other), OnTemporaryFailure::Discard));
    QVERIFY(there.outbox->remove(sent->front().outboxId));
    QVERIFY(send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Discard));
}

void TstSendExecutor::whatWaitingDoesNotMendStaysWithTheCaller_data() {
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("reaction");
    QTest::addColumn<bool>("waits");
    const auto row = [](const char *code, Reaction reaction, bool waits) {
        QTest::newRow(code) << QString::fromLatin1(code) << static_cast<int>(reaction) << waits;
    };
    row("net.refused", Reaction::Retry, true);
    row("net.stopped", Reaction::Retry, false);
    row("tls.certificate", Reaction::AskAdmin, false);
    row("submit.auth-refused", Reaction::FixInput, false);
}

void TstSendExecutor::whatWaitingDoesNotMendStaysWithTheCaller() {
    QFETCH(QString, code);
    QFETCH(int, reaction);
    QFETCH(bool, waits);
    auto there = world();
    there.submitter->answers = {Delivery::NotSent};
    there.submitter->notSentBecause =
        Error{code.toStdString(), "test", static_cast<Reaction>(reaction), {}, {}};
    const auto sent =
        send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::KeepWhatPasses);
    QVERIFY(sent);
    QCOMPARE(sent->front().waits, waits);
    QCOMPARE(there.outbox->list().value().size(), waits ? 1U : 0U);
}

void TstSendExecutor::whoWasRefusedIsNotTriedAgainWithTheOthers() {
    auto there = world();
    there.submitter->answers = {Delivery::Deferred};
    there.submitter->perRecipient = {{"a@court.example", Delivery::Refused}};
    const auto sent = send(there, *there.planFor(draft("a@court.example, b@court.example")),
                           OnTemporaryFailure::KeepWhatPasses);
    QVERIFY(sent);
    const auto entry = there.outbox->entry(sent->front().outboxId).value();
    QCOMPARE(entry.waiting(), std::vector<std::string>{"b@court.example"});
    QCOMPARE(entry.spokenFor(), std::vector<std::string>{"b@court.example"});
    // Who was refused may be sent it anew.
    QVERIFY(send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Discard));
}

void TstSendExecutor::aDraftLosesWhoIsSpokenFor() {
    auto there = world();
    there.submitter->answers = {Delivery::Accepted};
    there.submitter->perRecipient = {{"b@court.example", Delivery::Refused}};
    auto what = draft("a@court.example, b@court.example");
    what.id = "draft-1";
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::KeepWhatPasses));
    what.cc = mail::Address::parseList("c@court.example").value();
    const auto entries = there.outbox->list().value();
    QVERIFY(entries.front().draftJson.empty()); // nobody goes back to what was accepted
    auto kept = what;
    takeOutSpokenFor(kept, entries);
    QCOMPARE(mail::uniqueRecipients(kept).size(), 2U);
    QCOMPARE(kept.to.front().spec(), "b@court.example");
    auto another = what;
    another.id = "draft-2";
    takeOutSpokenFor(another, entries);
    QCOMPARE(another.to.size(), 2U);
}

void TstSendExecutor::retryByCjsmLooksTheRecipientUpAgain_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("rows"); //!< of the directory, at the retry
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const char *written, const char *rows,
                        const char *detail) {
        QTest::newRow(name) << QString::fromLatin1(written) << QString::fromLatin1(rows)
                            << QString::fromLatin1(detail);
    };
    row("still listed", "jo@firm.example", "jo@firm.example.cjsm.net,Active\n", "");
    row("locked", "jo@firm.example", "jo@firm.example.cjsm.net,Locked\n", "listed-inactive");
    row("gone, and DNS knows nothing", "jo@firm.example", "al@other.example.cjsm.net,Active\n",
        "not-checked");
    row("secure address locked", "jo@firm.example.cjsm.net", "jo@firm.example.cjsm.net,Locked\n",
        "listed-inactive");
    row("secure address not in the directory", "jo@firm.example.cjsm.net",
        "al@other.example.cjsm.net,Active\n", "");
}

void TstSendExecutor::retryByCjsmLooksTheRecipientUpAgain() {
    QFETCH(QString, written);
    QFETCH(QString, rows);
    QFETCH(QString, detail);
    const std::string header = "Secure Email,Account Status\n";
    auto there = world();
    there.policy.managedComputer = true;
    QVERIFY(there.cjsm->import(header + "jo@firm.example.cjsm.net,Active\n"));
    there.submitter->answers = {Delivery::Deferred};
    auto from = account();
    from.mayUseCjsm = true;
    auto what = draft(written.toStdString());
    what.protect = RouteKind::Cjsm;
    const auto plan = there.planner().plan(what, from, soon(), {}).value();
    auto approvals = World::approve(*plan);
    for (const auto &owed : plan->owed) {
        approvals.confirmed.insert(owed.id);
    }
    const auto sent =
        there.executor().execute(*plan, approvals, OnTemporaryFailure::Keep, soon(), {});
    QVERIFY2(sent, sent ? "" : sent.error().code.c_str());
    QVERIFY(there.cjsm->import(header + rows.toStdString()));
    const auto again = there.executor().submitQueued(sent->front().outboxId, from, soon(), {});
    QCOMPARE(again.has_value(), detail.isEmpty());
    if (!again) {
        QCOMPARE(again.error().code, "outbox.cjsm-changed");
        QCOMPARE(again.error().logSafeDetail, detail.toStdString());
        QVERIFY(there.submitter->delivered.empty());
    }
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

void TstSendExecutor::retryHoldsTheAccountToItsWay_data() {
    QTest::addColumn<QString>("route");
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("detail"); // empty: it goes
    const auto row = [](const char *route, const char *change, const char *detail) {
        QTest::addRow("%s-%s", route, change)
            << QString::fromLatin1(route) << QString::fromLatin1(change)
            << QString::fromLatin1(detail);
    };
    row("ome", "nothing", "");
    row("ome", "server", "ome.account");
    row("ome", "tenant", "ome.account");
    row("ome", "trigger", "ome.account");
    row("cjsm", "nothing", "");
    row("cjsm", "permission", "cjsm.account-not-allowed");
    row("cjsm", "relay", "cjsm.relay-forbidden");
    row("cjsm", "computer", "cjsm.unmanaged-computer");
}

void TstSendExecutor::retryHoldsTheAccountToItsWay() {
    QFETCH(QString, route);
    QFETCH(QString, change);
    QFETCH(QString, detail);
    auto there = world();
    there.policy.managedComputer = true;
    there.policy.multiClientRelays = {"mailgun.org"};
    there.policy.ome = {{"justice.example"}, {"smtp.office365.com"}, "X-Encrypt-This: yes", {}};
    there.submitter->answers = {Delivery::Deferred};
    auto from = account();
    from.mayUseCjsm = true;
    const bool ome = route == QLatin1String("ome");
    from.host = ome ? "smtp.office365.com" : "smtp.justice.example";
    auto what = draft(ome ? "a@court.example" : "jo@firm.example.cjsm.net");
    if (ome) {
        what.protect = RouteKind::Ome;
    }
    const auto plan = there.planner().plan(what, from, soon(), {}).value();
    auto approvals = World::approve(*plan);
    for (const auto &owed : plan->owed) {
        approvals.confirmed.insert(owed.id);
    }
    const auto sent =
        there.executor().execute(*plan, approvals, OnTemporaryFailure::Keep, soon(), {});
    QVERIFY(sent);
    const auto word = change.toStdString();
    from.host = word == "server"  ? "smtp.elsewhere.example"
                : word == "relay" ? "smtp.mailgun.org"
                                  : from.host;
    from.mayUseCjsm = word != "permission";
    there.policy.managedComputer = word != "computer";
    if (word == "tenant") {
        there.policy.ome.tenants = {"court.example"};
    }
    if (word == "trigger") {
        there.policy.ome.triggerHeader.clear();
    }
    const auto again = there.executor().submitQueued(sent->front().outboxId, from, soon(), {});
    QCOMPARE(again.has_value(), detail.isEmpty());
    if (!again) {
        QCOMPARE(again.error().code, "outbox.account-changed");
        QCOMPARE(QString::fromStdString(again.error().logSafeDetail), detail);
    }
    QCOMPARE(there.submitter->delivered.size(), detail.isEmpty() ? 1U : 0U);
}

void TstSendExecutor::markingStandsInsideAndOutside() {
    auto there = world();
    there.reports->assurances["court.example"] = Assurance::Enforced;
    there.policy.marking.headers = {policy::MarkingHeader::XProtectiveMarking};
    there.policy.smime.hideHeaders = HeaderHiding::Baseline;
    auto what = draft("a@court.example");
    what.classification = Classification::OfficialSensitive;
    what.handling = "RECIPIENTS ONLY";
    QVERIFY(there.used->add({what.to.front(), mail::Address::parse("jo@court.example").value()}));
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::Discard));
    const std::string field = "X-Protective-Marking: OFFICIAL-SENSITIVE - RECIPIENTS ONLY\r\n";
    const auto &clear = there.submitter->delivered.front().message;
    const auto outer = clear.find(field);
    QVERIFY(outer != std::string::npos);
    // Signed: once in the header and once inside the signature, as RFC 9788 has it.
    QVERIFY(clear.find(field, outer + 1) != std::string::npos);
    QVERIFY(clear.find("Subject: [OFFICIAL-SENSITIVE - RECIPIENTS ONLY] Minutes of Tuesday") !=
            std::string::npos);
    QVERIFY(clear.find("\r\n\r\nOFFICIAL-SENSITIVE - RECIPIENTS ONLY\r\n\r\nDear all,") !=
            std::string::npos);

    what.to = {mail::Address::parse("jo@court.example").value()};
    what.protect = RouteKind::Smime;
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::Discard));
    const auto &sealed = there.submitter->delivered.back().message;
    QVERIFY(sealed.find(field) != std::string::npos);
    QVERIFY(sealed.find("Subject: [...]") != std::string::npos);
}

void TstSendExecutor::disclaimerOnceForEachSideOfTheBorder() {
    auto there = world();
    there.policy.internalDomains = {"justice.example"};
    there.policy.partnerDomains = {"council.example"};
    there.reports->assurances["justice.example"] = Assurance::Verified;
    using policy::DisclaimerFor;
    there.policy.disclaimer.texts = {{DisclaimerFor::External, "en", "For you alone."},
                                     {DisclaimerFor::Partner, "en", "For our partners."}};
    const auto plan = there.planFor(draft("a@court.example, b@council.example, c@justice.example"));
    QCOMPARE(plan->transmissions.size(), 3U);
    QVERIFY(send(there, *plan, OnTemporaryFailure::Discard));
    const auto count = [&](const std::string &recipient, const std::string &text) {
        int found = 0;
        for (const auto &delivered : there.submitter->delivered) {
            if (delivered.recipients == std::vector<std::string>{recipient}) {
                for (auto at = delivered.message.find(text); at != std::string::npos;
                     at = delivered.message.find(text, at + 1)) {
                    ++found;
                }
            }
        }
        return found;
    };
    QCOMPARE(count("a@court.example", "For you alone."), 1);
    QCOMPARE(count("b@council.example", "For our partners."), 1);
    QCOMPARE(count("b@council.example", "For you alone."), 0);
    QCOMPARE(count("c@justice.example", "For "), 0);
    // Where nobody is to get another text, nothing is split.
    there.policy.disclaimer.append = false;
    QCOMPARE(there.planFor(draft("a@court.example, b@council.example, c@justice.example"))
                 ->transmissions.size(),
             1U);
}

void TstSendExecutor::oneSessionForAllTransmissions() {
    auto there = world();
    auto what = draft("a@court.example");
    what.bcc = mail::Address::parseList("b@council.example, c@council.example").value();
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::Keep));
    QCOMPARE(there.submitter->delivered.size(), 3U);
    QCOMPARE(there.submitter->sessions, 1);
}

void TstSendExecutor::askedForByPolicy() {
    auto there = world();
    there.policy.submission.requireTls = policy::RequireTls::Always;
    there.policy.submission.reportSuccess = true;
    there.policy.submission.deliverWithin = 4h;
    QVERIFY(send(there, *there.planFor(draft("a@court.example")), OnTemporaryFailure::Keep));
    const auto &byTls = there.submitter->asked.back();
    QVERIFY(byTls.requireTls == policy::RequireTls::Always);
    QVERIFY(byTls.dsn && byTls.dsn->success && byTls.dsn->headersOnly);
    QCOMPARE(byTls.dsn->envelopeId.size(), 32U);
    QVERIFY(byTls.deliverWithin == std::chrono::seconds(4h));
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    QVERIFY(send(there, *there.planFor(what), OnTemporaryFailure::Keep));
    // What only its reader can open needs no promise of the servers on the way.
    QVERIFY(there.submitter->asked.back().requireTls == policy::RequireTls::No);
}

QTEST_GUILESS_MAIN(TstSendExecutor)
#include "tst_SendExecutor.moc"
