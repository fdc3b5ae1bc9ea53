// SPDX-License-Identifier: GPL-3.0-or-later
#include "Evidence.h"

#include "routing/Dismissal.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::routing;
using namespace sealpost::routing::testing;

namespace {

constexpr auto kReason = "It is the password of the training system";

scan::Finding dismissed(scan::Finding finding) {
    finding.dismissedBecause = kReason;
    return finding;
}

policy::Policy allowing(const char *category) {
    auto policy = defaultPolicy();
    policy.scan.dismissible.insert(category);
    return policy;
}

} // namespace

class TstDismissal : public QObject {
    Q_OBJECT
private slots:
    void defaultsLetThreeCategoriesBeDismissed_data();
    void defaultsLetThreeCategoriesBeDismissed();
    void aboveOfficialNeverWhateverPolicySays();
    void dismissedCountsNoMore();
    void whatMayNotBeDismissedStands();
    void aboveOfficialStaysBlocked();
    void othersStillCount();
};

void TstDismissal::defaultsLetThreeCategoriesBeDismissed_data() {
    QTest::addColumn<int>("category");
    QTest::addColumn<bool>("may");
    using enum scan::Category;
    for (const auto &[category, may] :
         {std::pair{Credential, true}, std::pair{OneTimeSeed, true}, std::pair{PersonalData, true},
          std::pair{PrivateKey, false}, std::pair{Marking, false}, std::pair{Hidden, false}}) {
        QTest::newRow(std::string(scan::toString(category)).c_str())
            << static_cast<int>(category) << may;
    }
}

void TstDismissal::defaultsLetThreeCategoriesBeDismissed() {
    QFETCH(int, category);
    QFETCH(bool, may);
    QCOMPARE(mayDismiss(finding("x", static_cast<scan::Category>(category)), defaultPolicy()), may);
    auto nobody = defaultPolicy();
    nobody.scan.dismissible.clear();
    QVERIFY(!mayDismiss(finding("x", static_cast<scan::Category>(category)), nobody));
}

void TstDismissal::aboveOfficialNeverWhateverPolicySays() {
    using enum Classification;
    const auto policy = allowing("marking");
    QVERIFY(mayDismiss(finding("m", scan::Category::Marking, OfficialSensitive), policy));
    for (const auto above : {Secret, TopSecret}) {
        QVERIFY(!mayDismiss(finding("m", scan::Category::Marking, above), policy));
        QVERIFY(!mayDismiss(finding("own", scan::Category::Credential, above), policy));
    }
}

void TstDismissal::dismissedCountsNoMore() {
    const auto password = finding("password", scan::Category::Credential);
    const auto to = recipient("jo@council.example", Assurance::Verified, CertificateState::None);
    const auto standing = decide(message(Classification::Official, {password}), {to}, account(),
                                 defaultPolicy(), kNow);
    QVERIFY(standing.messageClass == MessageClass::Secrets);
    QVERIFY(standing.recipients.front().route == RouteKind::Blocked);
    QCOMPARE(standing.owed.size(), 1U);
    const auto without = decide(message(Classification::Official, {dismissed(password)}), {to},
                                account(), defaultPolicy(), kNow);
    QVERIFY(without.messageClass == MessageClass::Official);
    QVERIFY(without.recipients.front().route == RouteKind::Tls);
    QVERIFY(without.owed.empty());
}

void TstDismissal::whatMayNotBeDismissedStands() {
    const auto key = dismissed(finding("openssh-private-key", scan::Category::PrivateKey));
    const auto to = recipient("jo@council.example", Assurance::Verified, CertificateState::None);
    const auto decision =
        decide(message(Classification::Official, {key}), {to}, account(), defaultPolicy(), kNow);
    QVERIFY(decision.messageClass == MessageClass::Secrets);
    QVERIFY(decision.recipients.front().route == RouteKind::Blocked);
    QVERIFY(decide(message(Classification::Official, {key}), {to}, account(),
                   allowing("private-key"), kNow)
                .messageClass == MessageClass::Official);
}

void TstDismissal::aboveOfficialStaysBlocked() {
    const auto marking =
        dismissed(finding("marking-secret", scan::Category::Marking, Classification::Secret));
    const auto decision =
        decide(message(Classification::OfficialSensitive, {marking}),
               {recipient("jo@court.example", Assurance::Enforced, CertificateState::Usable)},
               account(), allowing("marking"), kNow);
    QVERIFY(decision.recipients.front().route == RouteKind::Blocked);
    QVERIFY(decision.recipients.front().reasons.front().id == ReasonId::MarkingAboveOfficial);
}

void TstDismissal::othersStillCount() {
    const auto one = dismissed(finding("password", scan::Category::Credential));
    const auto other = finding("nhs-number", scan::Category::PersonalData);
    const auto facts = message(Classification::Official, {one, other});
    QCOMPARE(standing(facts.findings, defaultPolicy()).size(), 1U);
    const auto decision =
        decide(facts, {recipient("jo@court.example", Assurance::Enforced, CertificateState::None)},
               account(), defaultPolicy(), kNow);
    QVERIFY(decision.messageClass == MessageClass::Sensitive);
    QCOMPARE(decision.owed.size(), 1U);
}

QTEST_GUILESS_MAIN(TstDismissal)
#include "tst_Dismissal.moc"
