// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;

class TstSendPlanner : public QObject {
    Q_OBJECT
private slots:
    void recipientsOfOneRouteShareATransmission();
    void routesSplitAndEachBccStandsAlone();
    void duplicateAddressIsPlannedOnce();
    void withoutRecipientsFindingsAreShown();
    void digestCoversEverythingApproved();
    void attachmentIsScannedAndSealsTheRoute();
    void tooLargeAltogether();
    void anotherSendersAddressIsRefused();
    void justificationMustSaySomething();
    void oneDomainIsAskedOnce();
    void listedPersonGetsItAtTheSecureAddress();
    void oneMessageIsSplitByRouteAndBcc();
    void strangersAndLookAlikesOweAConfirmationByName();
    void passwordBesideWhatItOpensOwesAnAnswer();
    void omeCarriesTheTriggerAndIsNotSigned();
    void expiredExceptionIsInThePlan();
    void sensitiveFollowsWhatIsPublished_data();
    void sensitiveFollowsWhatIsPublished();

private:
    QTemporaryDir m_folder;
    [[nodiscard]] World world() const { return World(m_folder.path().toStdString()); }
    [[nodiscard]] std::filesystem::path write(const std::string &name, const std::string &bytes) {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
};

void TstSendPlanner::recipientsOfOneRouteShareATransmission() {
    const auto plan = world().planFor(draft("a@court.example, b@council.example"));
    QCOMPARE(plan->transmissions.size(), 1U);
    QVERIFY(plan->transmissions.front().route == RouteKind::Tls);
    QCOMPARE(plan->transmissions.front().recipients.size(), 2U);
    QCOMPARE(plan->transmissions.front().signerFingerprint, "fp-sam@justice.example");
    QCOMPARE(plan->transmissions.front().subjectOuter, "Minutes of Tuesday");
    QVERIFY(!plan->blocked());
}

void TstSendPlanner::routesSplitAndEachBccStandsAlone() {
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    what.bcc = mail::Address::parseList("sam@justice.example").value();
    auto there = world();
    there.reports->assurances["justice.example"] = Assurance::Verified;
    const auto plan = there.planFor(what);
    QCOMPARE(plan->transmissions.size(), 2U);
    QCOMPARE(plan->transmissions.front().recipients.size(), 1U);
    QVERIFY(plan->transmissions.back().role == routing::RecipientRole::Bcc);
    QCOMPARE(plan->transmissions.back().recipients.front().deliverTo, "sam@justice.example");
    QCOMPARE(plan->transmissions.front().subjectOuter, "[...]");
}

void TstSendPlanner::duplicateAddressIsPlannedOnce() {
    auto what = draft("a@court.example, a@COURT.example");
    what.bcc = mail::Address::parseList("a@court.example").value();
    const auto plan = world().planFor(what);
    QCOMPARE(plan->transmissions.size(), 1U);
    QCOMPARE(plan->transmissions.front().recipients.size(), 1U);
}

void TstSendPlanner::withoutRecipientsFindingsAreShown() {
    auto what = draft("");
    what.body = "the password is correct-Horse7battery\n";
    const auto plan = world().planFor(what);
    QVERIFY(plan->transmissions.empty());
    QVERIFY(!plan->findings.empty());
}

void TstSendPlanner::digestCoversEverythingApproved() {
    auto there = world();
    const auto base = there.planFor(draft("a@court.example"))->digest;
    QCOMPARE(there.planFor(draft("a@court.example"))->digest, base);
    auto body = draft("a@court.example");
    body.body += ".";
    QVERIFY(there.planFor(body)->digest != base);
    auto bcc = draft("a@court.example");
    bcc.bcc = mail::Address::parseList("b@court.example").value();
    QVERIFY(there.planFor(bcc)->digest != base);
    auto classified = draft("a@court.example");
    classified.classification = Classification::OfficialSensitive;
    QVERIFY(draftDigest(classified, {}) != base);
    auto attached = draft("a@court.example");
    attached.attachments = {{write("note.txt", "hello"), "note.txt"}};
    const auto withNote = there.planFor(attached)->digest;
    QVERIFY(withNote != base);
    const auto changed = write("note.txt", "hellO");
    std::filesystem::last_write_time(changed, std::filesystem::file_time_type::clock::now() +
                                                  std::chrono::seconds(5));
    QVERIFY(there.planFor(attached)->digest != withNote);
}

void TstSendPlanner::attachmentIsScannedAndSealsTheRoute() {
    const auto key =
        write("id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMw\n"
                            "AAAAtzc2gtZWQyNTUxOQAAACB7uXZ2c9fQy1h4qgQv8wWm1bqkP2oVvJ0a\n"
                            "-----END OPENSSH PRIVATE KEY-----\n");
    auto what = draft("jo@court.example, alex@council.example");
    what.attachments = {{key, "id_ed25519"}};
    const auto there = world();
    QVERIFY(there.used->add({mail::Address::parse("jo@court.example").value()}));
    const auto plan = there.planFor(what);
    QVERIFY(!plan->findings.empty());
    QCOMPARE(plan->findings.front().location.source, "id_ed25519");
    QVERIFY(plan->decision.recipients.at(0).route == RouteKind::Smime);
    QVERIFY(plan->decision.recipients.at(1).route == RouteKind::Blocked);
    QVERIFY(plan->blocked());
    QCOMPARE(plan->owed.size(), 1U);
    QCOMPARE(plan->owed.front().id, "scan.min-classification");
}

void TstSendPlanner::tooLargeAltogether() {
    auto there = world();
    there.policy.maxMessageSize = 100;
    auto what = draft("a@court.example");
    what.attachments = {{write("one", std::string(60, 'x')), "one"},
                        {write("two", std::string(60, 'x')), "two"}};
    const auto plan = there.planner().plan(what, account(), soon(), {});
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, "message.too-large");
    QVERIFY(plan.error().logSafeDetail.ends_with(" bytes, at most 100 bytes"));
    QVERIFY(plan.error().reaction == Reaction::FixInput);
}

void TstSendPlanner::anotherSendersAddressIsRefused() {
    auto what = draft("a@court.example");
    what.from = mail::Address::parse("boss@justice.example").value();
    const auto plan = world().planner().plan(what, account(), soon(), {});
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, "draft.from-not-account");
}

void TstSendPlanner::justificationMustSaySomething() {
    const auto plan = world().planFor(draft("a@nowhere.example"));
    QCOMPARE(plan->owed.size(), 1U);
    auto approvals = World::approve(*plan);
    QCOMPARE(stillOwed(*plan, approvals).size(), 1U);
    approvals.justification = "   x      ";
    QCOMPARE(stillOwed(*plan, approvals).size(), 1U);
    approvals.justification = "Agreed by telephone with the court";
    QVERIFY(stillOwed(*plan, approvals).empty());
}

void TstSendPlanner::oneDomainIsAskedOnce() {
    auto there = world();
    const auto plan = there.planFor(draft("a@court.example, b@court.example, c@court.example"));
    QCOMPARE(there.reports->asked.load(), 1);
    QCOMPARE(plan->reports.size(), 1U);
}

void TstSendPlanner::listedPersonGetsItAtTheSecureAddress() {
    auto there = world();
    there.policy.managedComputer = true;
    QVERIFY(there.cjsm->import("Secure Email,Account Status\n"
                               "jo@firm.example.cjsm.net,Active\n"
                               "al@firm.example.cjsm.net,Suspended\n"));
    auto from = account();
    from.mayUseCjsm = true;
    auto what = draft("Jo@firm.example, al@firm.example, other@firm.example");
    what.classification = Classification::OfficialSensitive;
    const auto plan = there.planner().plan(what, from, soon(), {}).value();
    QCOMPARE(plan->transmissions.size(), 1U);
    const auto &transmission = plan->transmissions.front();
    QVERIFY(transmission.route == RouteKind::Cjsm);
    QCOMPARE(transmission.recipients.size(), 1U);
    QCOMPARE(transmission.recipients.front().deliverTo, "jo@firm.example.cjsm.net");
    QCOMPARE(transmission.recipients.front().address.spec(), "Jo@firm.example");
    const auto locked = plan->decision.recipients.at(1);
    QVERIFY(locked.route == RouteKind::Blocked);
    QVERIFY(std::any_of(locked.reasons.begin(), locked.reasons.end(), [](const auto &reason) {
        return reason.id == routing::ReasonId::CjsmInactive;
    }));
    QVERIFY(plan->decision.recipients.at(2).route == RouteKind::Blocked);
    QVERIFY(std::any_of(plan->owed.begin(), plan->owed.end(), [](const auto &owed) {
        return owed.id == "cjsm.criminal-justice-business";
    }));
}

void TstSendPlanner::oneMessageIsSplitByRouteAndBcc() {
    auto there = world();
    there.policy.decision[policy::MessageClass::Official].routes = {RouteKind::Smime,
                                                                    RouteKind::Tls};
    there.certificates->add("al@court.example");
    auto what = draft("jo@court.example, a@court.example, al@court.example, b@council.example");
    what.bcc = mail::Address::parseList("c@court.example, d@court.example").value();
    const auto plan = there.planFor(what);
    QStringList made;
    for (const auto &transmission : plan->transmissions) {
        QStringList to;
        for (const auto &recipient : transmission.recipients) {
            to.append(QString::fromStdString(recipient.deliverTo));
        }
        made.append(QString::fromStdString(std::string(base::toString(transmission.route))) +
                    QLatin1Char(' ') + to.join(QLatin1Char(',')));
    }
    QCOMPARE(made, QStringList({QStringLiteral("smime jo@court.example,al@court.example"),
                                QStringLiteral("tls a@court.example,b@council.example"),
                                QStringLiteral("tls c@court.example"),
                                QStringLiteral("tls d@court.example")}));
}

void TstSendPlanner::strangersAndLookAlikesOweAConfirmationByName() {
    const auto idsOf = [](const SendPlan &plan) {
        QStringList ids;
        for (const auto &owed : plan.owed) {
            ids.append(QString::fromStdString(owed.id));
        }
        return ids;
    };
    const QTemporaryDir own; // whom the other tests know is known to them alone
    World there(own.path().toStdString());
    for (const auto *domain : {"c0urt.example", "court.example", "pay.c0urt.example"}) {
        there.reports->assurances[domain] = Assurance::Enforced;
    }
    there.certificates->add("jo@c0urt.example");
    auto what = draft("jo@court.example");
    what.classification = Classification::OfficialSensitive;
    QCOMPARE(idsOf(*there.planFor(what)),
             QStringList(QStringLiteral("recipient.first-time:jo@court.example")));
    QVERIFY(there.used->add({mail::Address::parse("jo@court.example").value()}));
    QVERIFY(idsOf(*there.planFor(what)).isEmpty());
    // A domain that was written to is one to be mistaken for.
    QCOMPARE(idsOf(*there.planFor(draft("al@c0urt.example, bo@pay.c0urt.example"))),
             QStringList({QStringLiteral("recipient.look-alike:al@c0urt.example"),
                          QStringLiteral("recipient.look-alike:bo@pay.c0urt.example")}));
    auto plan = there.planFor(draft("al@c0urt.example"));
    auto approvals = World::approve(*plan);
    approvals.confirmed = {"recipient.look-alike"};
    QCOMPARE(stillOwed(*plan, approvals).size(), 1U); // not all at once, but this address
    approvals.confirmed = {"recipient.look-alike:al@c0urt.example"};
    QVERIFY(stillOwed(*plan, approvals).empty());
    there.policy.partnerDomains = {"c0urt.example"};
    QVERIFY(idsOf(*there.planFor(draft("al@c0urt.example"))).isEmpty());
    // One's own organisation is known without having been written to.
    QCOMPARE(
        idsOf(*there.planFor(draft("al@justlce.example"))).filter(QStringLiteral("alike")).size(),
        1);
}

void TstSendPlanner::passwordBesideWhatItOpensOwesAnAnswer() {
    const auto database = write("team.kdbx", std::string("\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", 8) +
                                                 std::string(200, 'x'));
    auto what = draft("jo@court.example");
    what.classification = Classification::OfficialSensitive;
    what.attachments = {{database, "team.kdbx"}};
    auto there = world();
    QVERIFY(there.used->add({mail::Address::parse("jo@court.example").value()}));
    QVERIFY(there.planFor(what)->owed.empty());
    what.body = "the password is correct-Horse7battery\n";
    const auto plan = there.planFor(what);
    QCOMPARE(plan->owed.size(), 1U);
    QCOMPARE(plan->owed.front().id, "content.key-with-lock");
    QVERIFY(plan->owed.front().kind == routing::OwedKind::Justification);
    QCOMPARE(plan->owed.front().reason.facts.at("lock"), "keepass-database");
    there.policy.keyWithLock = policy::OnConcern::Block;
    const auto blocked = there.planFor(what);
    QVERIFY(blocked->blocked());
    QVERIFY(blocked->decision.recipients.front().nextSteps.front() ==
            routing::NextStep::UseTwoWays);
}

void TstSendPlanner::omeCarriesTheTriggerAndIsNotSigned() {
    auto there = world();
    there.policy.ome = {
        {"justice.example"}, {"smtp.office365.com"}, "X-Encrypt-This: yes", "[secure]"};
    auto from = account();
    auto what = draft("a@court.example");
    what.protect = RouteKind::Ome;
    // Not through a server of which the tenant knows nothing.
    QVERIFY(there.planner().plan(what, from, soon(), {}).value()->blocked());
    from.host = "smtp.office365.com";
    from.provider = mail::ProviderKind::Office365;
    const auto plan = there.planner().plan(what, from, soon(), {}).value();
    QCOMPARE(plan->transmissions.size(), 1U);
    const auto &transmission = plan->transmissions.front();
    QVERIFY(transmission.route == RouteKind::Ome);
    QCOMPARE(transmission.extraHeaders, std::vector<std::string>{"X-Encrypt-This: yes"});
    QCOMPARE(transmission.subjectOuter, "[secure] Minutes of Tuesday");
    QVERIFY(transmission.signerFingerprint.empty());
    what.protect = RouteKind::Tls;
    const auto tls = there.planner().plan(what, from, soon(), {}).value();
    QVERIFY(tls->transmissions.front().extraHeaders.empty());
    QCOMPARE(tls->transmissions.front().subjectOuter, "Minutes of Tuesday");
}

void TstSendPlanner::expiredExceptionIsInThePlan() {
    auto there = world();
    there.policy.exceptions = {
        {"court.example", "r", "a", "CHG-1", there.clock->now() - std::chrono::hours(1)}};
    const auto plan = there.planFor(draft("a@court.example"));
    QVERIFY(plan->transmissions.front().route == RouteKind::Tls);
    const auto &reasons = plan->transmissions.front().recipients.front().reasons;
    QVERIFY(std::any_of(reasons.begin(), reasons.end(), [](const auto &reason) {
        return reason.id == routing::ReasonId::TlsExceptionExpired;
    }));
}

void TstSendPlanner::sensitiveFollowsWhatIsPublished_data() {
    QTest::addColumn<int>("assurance");
    QTest::addColumn<bool>("goes");
    QTest::addColumn<int>("reason");
    const auto row = [](Assurance assurance, bool goes, routing::ReasonId reason) {
        QTest::newRow(std::string(base::toString(assurance)).c_str())
            << static_cast<int>(assurance) << goes << static_cast<int>(reason);
    };
    row(Assurance::Enforced, true, routing::ReasonId::TlsEnforced);
    row(Assurance::Published, true, routing::ReasonId::TlsPublished);
    row(Assurance::Registered, true, routing::ReasonId::TlsRegistered);
    row(Assurance::Verified, false, routing::ReasonId::TlsInsufficient);
    row(Assurance::Violated, false, routing::ReasonId::TlsViolated);
}

void TstSendPlanner::sensitiveFollowsWhatIsPublished() {
    QFETCH(int, assurance);
    QFETCH(bool, goes);
    QFETCH(int, reason);
    auto what = draft("a@court.example");
    what.classification = Classification::OfficialSensitive;
    auto there = world();
    there.reports->assurances["court.example"] = static_cast<Assurance>(assurance);
    const auto plan = there.planFor(what);
    QCOMPARE(plan->blocked(), !goes);
    const auto &reasons = goes ? plan->transmissions.front().recipients.front().reasons
                               : plan->decision.recipients.front().reasons;
    QVERIFY(std::any_of(reasons.begin(), reasons.end(), [&](const auto &one) {
        return one.id == static_cast<routing::ReasonId>(reason);
    }));
}

QTEST_GUILESS_MAIN(TstSendPlanner)
#include "tst_SendPlanner.moc"
