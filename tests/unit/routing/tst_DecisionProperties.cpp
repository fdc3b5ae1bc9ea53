// SPDX-License-Identifier: GPL-3.0-or-later
#include "RandomCase.h"

#include <QTest>
#include <algorithm>
#include <map>

using namespace sealpost;
using namespace sealpost::routing;
using namespace sealpost::routing::testing;

// The lattice. What policy lets through to one recipient is a set of routes, each with what a
// person owes for it. One case is at least as strict as another where each route that it lets
// through is let through by the other, and owes at least what it owes there (a justification is
// more than a confirmation). The automatic choice is always one of that set, by the policy's own
// order of preference, so taking the first choice away may well lead to the second: that was let
// through before too.

namespace {

constexpr int kCases = 100'000;
constexpr std::uint64_t kSeed = 20'261'129;

struct Passage {
    RouteKind route = RouteKind::Blocked;
    std::map<std::string, OwedKind> owed;
    bool nextSteps = false;
};

Passage passageOf(const Case &which, std::optional<RouteKind> requested) {
    auto message = which.message;
    if (requested) {
        message.requested = requested;
    }
    const auto decision = decide(message, {which.recipient}, which.account, which.policy, kNow);
    const auto &one = decision.recipients.front();
    Passage passage{one.route, {}, !one.nextSteps.empty()};
    for (const auto *some : {&decision.owed, &one.owed}) {
        for (const auto &owed : *some) {
            auto &kind = passage.owed.try_emplace(owed.id, owed.kind).first->second;
            kind = std::max(kind, owed.kind);
        }
    }
    return passage;
}

bool owesAtLeast(const Passage &stricter, const Passage &laxer) {
    return std::all_of(laxer.owed.begin(), laxer.owed.end(), [&](const auto &one) {
        const auto found = stricter.owed.find(one.first);
        return found != stricter.owed.end() && found->second >= one.second;
    });
}

//! Whether `after` is as strict as `before`, looked at for one route and for the automatic choice.
bool isAsStrict(const Case &after, const Case &before, RouteKind route) {
    const auto then = passageOf(before, route);
    const auto now = passageOf(after, route);
    const bool asked = !before.message.requested && !after.message.requested;
    if (asked && now.route != RouteKind::Blocked &&
        (then.route == RouteKind::Blocked || !owesAtLeast(now, then))) {
        return false;
    }
    const auto chosen = passageOf(after, std::nullopt);
    if (chosen.route == RouteKind::Blocked) {
        return true;
    }
    const auto same = passageOf(before, chosen.route);
    return same.route == chosen.route && owesAtLeast(chosen, same) &&
           passageOf(before, before.message.requested).route != RouteKind::Blocked;
}

QByteArray described(const Case &which) {
    const auto decision =
        decide(which.message, {which.recipient}, which.account, which.policy, kNow);
    QByteArray text = QByteArray::fromStdString(
        which.recipient.address.spec() + " " +
        std::string(base::toString(which.recipient.domain.assurance)) + " => " +
        std::string(base::toString(decision.recipients.front().route)));
    for (const auto &reason : decision.recipients.front().reasons) {
        text += " " + QByteArray::fromStdString(std::string(specOf(reason.id).name));
    }
    return text;
}

} // namespace

class TstDecisionProperties : public QObject {
    Q_OBJECT
private slots:
    void noRestrictionLoosensARoute_data();
    void noRestrictionLoosensARoute();
    void whatHoldsWhateverPolicySays();
};

void TstDecisionProperties::noRestrictionLoosensARoute_data() {
    QTest::addColumn<int>("rows");
    QTest::newRow("of policy, evidence and account") << static_cast<int>(Rows::Any);
    QTest::newRow("of the message") << static_cast<int>(Rows::Nested);
}

void TstDecisionProperties::noRestrictionLoosensARoute() {
    QFETCH(int, rows);
    Dice dice(kSeed);
    std::map<std::string, int> tried;
    int tightened = 0;
    for (int i = 0; i < kCases / 2; ++i) {
        const auto before = randomCase(dice, static_cast<Rows>(rows));
        auto after = before;
        const char *name = nullptr;
        while (name == nullptr) {
            after = before;
            name = restrict(after, dice, static_cast<Rows>(rows));
        }
        ++tried[name];
        const auto route = dice.oneOf(
            std::array{RouteKind::Smime, RouteKind::Tls, RouteKind::Cjsm, RouteKind::Ome});
        if (!isAsStrict(after, before, route)) {
            const auto message = QByteArray("case ") + QByteArray::number(i) + ", " + name + ": " +
                                 described(before) + " became " + described(after);
            QFAIL(message.constData());
        }
        tightened += isAsStrict(before, after, route) ? 0 : 1;
    }
    // The dice reach every restriction, and often enough it makes a difference.
    QCOMPARE(tried.size(), rows == static_cast<int>(Rows::Any) ? 25U : 3U);
    QVERIFY2(tightened > kCases / 50, qPrintable(QString::number(tightened)));
}

void TstDecisionProperties::whatHoldsWhateverPolicySays() {
    Dice dice(kSeed + 1);
    for (int i = 0; i < kCases / 4; ++i) {
        const auto which = randomCase(dice, Rows::Any);
        const auto passage = passageOf(which, std::nullopt);
        const auto assurance = which.recipient.domain.assurance;
        const bool cjsmAddress = which.recipient.address.domain().ends_with("cjsm.net");
        if (passage.route == RouteKind::Blocked) {
            QVERIFY2(passage.nextSteps, described(which));
            continue;
        }
        QVERIFY(which.message.classification <= Classification::OfficialSensitive);
        QVERIFY2(!cjsmAddress || passage.route == RouteKind::Cjsm, described(which));
        if (passage.route == RouteKind::Tls) {
            QVERIFY2(assurance != Assurance::Weak && assurance != Assurance::None &&
                         assurance != Assurance::Violated && assurance != Assurance::Undeliverable,
                     described(which));
        }
        if (passage.route == RouteKind::Cjsm) {
            QVERIFY(which.account.mayUseCjsm && which.policy.managedComputer);
            QVERIFY(passage.owed.contains("cjsm.criminal-justice-business"));
        }
    }
}

QTEST_GUILESS_MAIN(TstDecisionProperties)
#include "tst_DecisionProperties.moc"
