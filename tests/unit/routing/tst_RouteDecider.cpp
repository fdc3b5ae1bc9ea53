// SPDX-License-Identifier: GPL-3.0-or-later
#include "Evidence.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <set>

using namespace sealpost;
using namespace sealpost::routing;
using namespace sealpost::routing::testing;

namespace {

RecipientDecision one(const MessageFacts &facts, const RecipientEvidence &evidence,
                      const AccountFacts &from = account(),
                      const policy::Policy &policy = defaultPolicy()) {
    return decide(facts, {evidence}, from, policy, kNow).recipients.front();
}

bool has(const std::vector<Reason> &reasons, ReasonId id) {
    return std::any_of(reasons.begin(), reasons.end(),
                       [&](const Reason &reason) { return reason.id == id; });
}

MessageFacts withKey() {
    return message(Classification::OfficialSensitive,
                   {finding("openssh-private-key", scan::Category::PrivateKey)});
}

} // namespace

class TstRouteDecider : public QObject {
    Q_OBJECT
private slots:
    void wholeTable();
    void everyReasonIsReached();
    void reasonTableIsInOrderAndNamesAreUnique();
    void everyBlockedRecipientHasANextStep();
    void tlsNeverToUnprotectedDomainsWhateverPolicySays();
    void govUkIsMatchedAtLabelBoundaries();
    void aboveOfficialCanNotBeOverridden();
    void lowConfidenceDoesNotMoveTheRow();
    void findingAboveTheChosenClassificationOwesAJustification();
    void expiredExceptionIsReportedAndDoesNotCount();
    void cjsmAddressGoesByCjsmOnly();
    void ownCertificateMissingIsNamed();
    void blockedNamesTheHostWithoutTls();
    void emptyPolicyBlocks();
};

void TstRouteDecider::wholeTable() {
    const QString path = QStringLiteral(SEALPOST_SOURCE_DIR "/tests/snapshots/decision-table.txt");
    const auto table = QByteArray::fromStdString(decisionTable());
    QFile file(path);
    if (qEnvironmentVariableIsSet("SEALPOST_UPDATE_SNAPSHOTS")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(table), table.size());
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
    const auto expected = file.readAll().split('\n');
    const auto actual = table.split('\n');
    for (qsizetype i = 0; i < std::min(expected.size(), actual.size()); ++i) {
        QCOMPARE(actual.at(i), expected.at(i));
    }
    QCOMPARE(actual.size(), expected.size());
}

void TstRouteDecider::everyReasonIsReached() {
    const auto reached = reasonsOfDecisionTable();
    QStringList missing;
    for (const auto &spec : allReasons()) {
        if (!reached.contains(spec.id)) {
            missing.append(QString::fromStdString(std::string(spec.name)));
        }
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char(' '))));
}

void TstRouteDecider::reasonTableIsInOrderAndNamesAreUnique() {
    std::set<std::string_view> names;
    std::size_t index = 0;
    for (const auto &spec : allReasons()) {
        QCOMPARE(static_cast<std::size_t>(spec.id), index++);
        QVERIFY2(names.insert(spec.name).second, std::string(spec.name).c_str());
        QVERIFY(spec.clause.starts_with("Guide "));
        QVERIFY(spec.name.find('.') != std::string_view::npos);
    }
}

void TstRouteDecider::everyBlockedRecipientHasANextStep() {
    int blocked = 0;
    for (const auto assurance : base::kAllAssurances) {
        for (const auto *address : {"jo@court.example", "jo@x.gov.uk", "jo@york.cjsm.net"}) {
            for (const auto &facts : {message(Classification::Official), withKey(),
                                      message(Classification::TopSecret)}) {
                const auto decision =
                    one(facts, recipient(address, assurance, CertificateState::None));
                if (decision.route == RouteKind::Blocked) {
                    ++blocked;
                    QVERIFY(!decision.nextSteps.empty());
                    QVERIFY(!decision.reasons.empty());
                }
            }
        }
    }
    QVERIFY(blocked > 40);
}

void TstRouteDecider::tlsNeverToUnprotectedDomainsWhateverPolicySays() {
    auto lax = defaultPolicy();
    for (auto &[messageClass, row] : lax.decision) {
        row.tlsSuffices.insert(base::kAllAssurances.begin(), base::kAllAssurances.end());
        row.justify.clear();
    }
    for (const auto assurance :
         {Assurance::Weak, Assurance::None, Assurance::Violated, Assurance::Undeliverable}) {
        const auto decision =
            one(message(Classification::Official),
                recipient("jo@court.example", assurance, CertificateState::None), account(), lax);
        QVERIFY(decision.route == RouteKind::Blocked);
    }
}

void TstRouteDecider::govUkIsMatchedAtLabelBoundaries() {
    const auto govUk = one(message(Classification::Official),
                           recipient("jo@a.gov.uk", Assurance::None, CertificateState::Usable));
    QVERIFY(govUk.route == RouteKind::Blocked);
    QVERIFY(govUk.reasons.front().id == ReasonId::TlsGovUkRequired);
    const auto evil = one(message(Classification::Official),
                          recipient("jo@evilgov.uk", Assurance::None, CertificateState::Usable));
    QVERIFY(evil.route == RouteKind::Smime);
}

void TstRouteDecider::aboveOfficialCanNotBeOverridden() {
    const auto decision =
        decide(message(Classification::Secret),
               {recipient("jo@court.example", Assurance::Enforced, CertificateState::Usable)},
               account(), defaultPolicy(), kNow);
    QVERIFY(decision.recipients.front().route == RouteKind::Blocked);
    QVERIFY(decision.recipients.front().owed.empty());
    QVERIFY(decision.owed.empty());
}

void TstRouteDecider::lowConfidenceDoesNotMoveTheRow() {
    const auto facts = message(Classification::Official,
                               {finding("generic-secret", scan::Category::Credential,
                                        Classification::OfficialSensitive, scan::Confidence::Low)});
    QVERIFY(classify(facts) == MessageClass::Official);
    const auto decision =
        decide(facts, {recipient("jo@court.example", Assurance::Verified, CertificateState::None)},
               account(), defaultPolicy(), kNow);
    QVERIFY(decision.recipients.front().route == RouteKind::Tls);
    QVERIFY(decision.owed.empty());
}

void TstRouteDecider::findingAboveTheChosenClassificationOwesAJustification() {
    auto facts = withKey();
    facts.classification = Classification::Official;
    const auto decision = decide(
        facts, {recipient("jo@court.example", Assurance::Verified, CertificateState::Usable)},
        account(), defaultPolicy(), kNow);
    QCOMPARE(decision.owed.size(), 1U);
    QCOMPARE(decision.owed.front().id, "scan.min-classification");
    QVERIFY(decision.owed.front().kind == OwedKind::Justification);
    QVERIFY(decision.recipients.front().route == RouteKind::Smime);
}

void TstRouteDecider::expiredExceptionIsReportedAndDoesNotCount() {
    auto policy = defaultPolicy();
    policy.exceptions = {{"old.gov.uk", "r", "a", "CHG-1", kNow - std::chrono::hours(1)}};
    const auto decision = one(message(Classification::Official),
                              recipient("jo@old.gov.uk", Assurance::None, CertificateState::Usable),
                              account(), policy);
    QVERIFY(decision.route == RouteKind::Blocked);
    QVERIFY(has(decision.reasons, ReasonId::TlsExceptionExpired));
    policy.exceptions.front().expires = kNow + std::chrono::hours(1);
    QVERIFY(one(message(Classification::Official),
                recipient("jo@old.gov.uk", Assurance::None, CertificateState::Usable), account(),
                policy)
                .route == RouteKind::Smime);
}

void TstRouteDecider::cjsmAddressGoesByCjsmOnly() {
    auto policy = defaultPolicy();
    policy.managedComputer = true;
    auto from = account();
    from.mayUseCjsm = true;
    auto evidence =
        recipient("a@firm.co.uk.cjsm.net", Assurance::Unknown, CertificateState::Usable);
    const auto by = one(message(Classification::Official), evidence, from, policy);
    QVERIFY(by.route == RouteKind::Cjsm);
    QCOMPARE(by.owed.size(), 1U);
    QCOMPARE(by.owed.front().id, "cjsm.criminal-justice-business");
    auto asked = message(Classification::Official);
    asked.requested = RouteKind::Smime;
    const auto other = one(asked, evidence, from, policy);
    QVERIFY(other.route == RouteKind::Blocked);
    QVERIFY(has(other.reasons, ReasonId::CjsmOnly));
    // Not a CJSM address, though it looks like one.
    evidence = recipient("a@evilcjsm.net", Assurance::Verified, CertificateState::None);
    QVERIFY(one(message(Classification::Official), evidence, from, policy).route == RouteKind::Tls);
}

void TstRouteDecider::ownCertificateMissingIsNamed() {
    const auto decision =
        one(withKey(), recipient("jo@court.example", Assurance::Verified, CertificateState::Usable),
            account(CertificateState::None));
    QVERIFY(decision.route == RouteKind::Blocked);
    QVERIFY(decision.reasons.front().id == ReasonId::SmimeSenderCertificate);
    QVERIFY(std::find(decision.nextSteps.begin(), decision.nextSteps.end(),
                      NextStep::ImportOwnCertificate) != decision.nextSteps.end());
    QVERIFY(std::find(decision.nextSteps.begin(), decision.nextSteps.end(),
                      NextStep::RemoveSecret) != decision.nextSteps.end());
}

void TstRouteDecider::blockedNamesTheHostWithoutTls() {
    auto evidence = recipient("jo@court.example", Assurance::None, CertificateState::None);
    assurance::MxReport good;
    good.host = "mx1.court.example";
    good.outcome = assurance::ProbeOutcome::Encrypted;
    good.tls.emplace();
    assurance::MxReport bad;
    bad.host = "mx2.court.example";
    bad.outcome = assurance::ProbeOutcome::NoStartTls;
    evidence.domain.mx = {good, bad};
    const auto decision = one(message(Classification::Official), evidence);
    QVERIFY(decision.reasons.front().id == ReasonId::TlsNone);
    QCOMPARE(decision.reasons.front().facts.at("host"), "mx2.court.example");
}

void TstRouteDecider::emptyPolicyBlocks() {
    const auto decision =
        one(message(Classification::Official),
            recipient("jo@court.example", Assurance::Enforced, CertificateState::Usable), account(),
            policy::Policy{});
    QVERIFY(decision.route == RouteKind::Blocked);
    QVERIFY(has(decision.reasons, ReasonId::PolicyNoRoute));
}

QTEST_GUILESS_MAIN(TstRouteDecider)
#include "tst_RouteDecider.moc"
