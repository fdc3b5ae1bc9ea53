// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include "crypto/SealedBox.h"
#include "send/Dismissals.h"
#include "store/DraftStore.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;

namespace {

const std::string kBody = "Hello Jo,\n\nThe password is tulipwednesday42.\n";
const std::string kReason = "A made-up word for the exercise";

const scan::Finding &only(const std::vector<scan::Finding> &findings) {
    if (findings.size() != 1) {
        qFatal("%zu findings instead of one", findings.size());
    }
    return findings.front();
}

} // namespace

class TstDismissals : public QObject {
    Q_OBJECT
private slots:
    void dismissedNoLongerDecides();
    void survivesTypingAroundIt();
    void endsWithTheContent();
    void markIsKeyedAndHoldsNothing();
    void placesAreKeptApart();
    void policyHasTheLastWord();
    void withoutAStoreNothingIsDismissed();
    void aWholeFileIsKnownByItsBytes();
    void isPartOfWhatWasApproved();
    void journalSaysWhatWhereAndWhy();
    void isKeptInTheSealedDraft();
    void wishesNameKindAndPlace_data();
    void wishesNameKindAndPlace();
    void reasonsThatRepeat_data();
    void reasonsThatRepeat();
    void aReasonThatRepeatsCountsForNothing();
    void aJustificationThatRepeatsCountsForNothing();

private:
    [[nodiscard]] World world() const { return World(m_folder.path().toStdString()); }
    [[nodiscard]] static mail::Draft draftOf(const std::string &body) {
        auto what = draft("jo@court.example");
        what.body = body;
        return what;
    }
    //! The draft with its only finding marked as wrong.
    [[nodiscard]] static mail::Draft dismissing(const World &there, mail::Draft what) {
        const auto plan = there.planFor(what);
        const auto &finding = only(plan->findings);
        what.dismissals = {{finding.mark, finding.kind, kReason}};
        return what;
    }

    QTemporaryDir m_folder;
};

void TstDismissals::dismissedNoLongerDecides() {
    const auto there = world();
    const auto before = there.planFor(draftOf(kBody));
    QVERIFY(only(before->findings).dismissible);
    QVERIFY(before->decision.messageClass == policy::MessageClass::Secrets);
    const auto after = there.planFor(dismissing(there, draftOf(kBody)));
    QCOMPARE(only(after->findings).dismissedBecause, kReason);
    QVERIFY(after->decision.messageClass == policy::MessageClass::Official);
    QVERIFY(after->owed.empty());
}

void TstDismissals::survivesTypingAroundIt() {
    const auto there = world();
    auto what = dismissing(there, draftOf(kBody));
    what.body = "Dear Jo,\n\nmore\nand more\n\n" + kBody + "\nRegards\n";
    const auto plan = there.planFor(what);
    QCOMPARE(only(plan->findings).location.line, 8U);
    QVERIFY(!scan::stands(only(plan->findings)));
}

void TstDismissals::endsWithTheContent() {
    const auto there = world();
    auto what = dismissing(there, draftOf(kBody));
    what.body = "Hello Jo,\n\nThe password is tulipwednesday43.\n";
    QVERIFY(scan::stands(only(there.planFor(what)->findings)));
    what.dismissals.front().reason = "  short  ";
    what.body = kBody;
    QVERIFY(scan::stands(only(there.planFor(what)->findings)));
}

void TstDismissals::markIsKeyedAndHoldsNothing() {
    auto there = world();
    const auto mark = only(there.planFor(draftOf(kBody))->findings).mark;
    QCOMPARE(mark.size(), std::size_t{64});
    QCOMPARE(only(there.planFor(draftOf("x " + kBody))->findings).mark, mark);
    there.markKey = std::make_shared<const SecretBytes>(std::string(32, 'o'));
    QVERIFY(only(there.planFor(draftOf(kBody))->findings).mark != mark);
}

void TstDismissals::placesAreKeptApart() {
    const auto there = world();
    auto what = dismissing(there, draftOf(kBody));
    what.subject = "The password is tulipwednesday42";
    const auto plan = there.planFor(what);
    QCOMPARE(plan->findings.size(), 2U);
    QVERIFY(scan::stands(plan->findings[0]));
    QVERIFY(!scan::stands(plan->findings[1]));
}

void TstDismissals::policyHasTheLastWord() {
    auto there = world();
    const auto what = dismissing(there, draftOf(kBody));
    there.policy.scan.dismissible.clear();
    const auto plan = there.planFor(what);
    QVERIFY(!only(plan->findings).dismissible);
    QVERIFY(scan::stands(only(plan->findings)));
    QVERIFY(plan->decision.messageClass == policy::MessageClass::Secrets);
}

void TstDismissals::withoutAStoreNothingIsDismissed() {
    auto there = world();
    there.markKey = nullptr;
    const auto plan = there.planFor(draftOf(kBody));
    QVERIFY(only(plan->findings).mark.empty());
    QVERIFY(!only(plan->findings).dismissible);
}

void TstDismissals::aWholeFileIsKnownByItsBytes() {
    auto there = world();
    there.policy.scan.dismissible.insert("hidden-content");
    const auto path = std::filesystem::path(m_folder.path().toStdString()) / "notes.txt";
    const auto write = [&](char last) {
        std::ofstream(path, std::ios::binary) << "PK\x03\x04" << std::string(60, '\0') << last;
        std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() +
                                                   std::chrono::seconds(last));
    };
    write('a');
    auto what = draftOf("Hello");
    what.attachments = {{path, "notes.txt"}};
    const auto first = there.planFor(what);
    QVERIFY(!first->findings.empty());
    QVERIFY(first->findings.front().digest.empty());
    what.dismissals = {{first->findings.front().mark, first->findings.front().kind, kReason}};
    QVERIFY(!scan::stands(there.planFor(what)->findings.front()));
    write('b');
    QVERIFY(scan::stands(there.planFor(what)->findings.front()));
}

void TstDismissals::isPartOfWhatWasApproved() {
    const auto there = world();
    const auto what = dismissing(there, draftOf(kBody));
    auto other = what;
    other.dismissals.front().reason += ", and more";
    QVERIFY(there.planFor(what)->digest != there.planFor(draftOf(kBody))->digest);
    QVERIFY(there.planFor(what)->digest != there.planFor(other)->digest);
}

void TstDismissals::journalSaysWhatWhereAndWhy() {
    const auto there = world();
    const auto plan = there.planFor(dismissing(there, draftOf(kBody)));
    const auto sent = there.executor().execute(*plan, World::approve(*plan),
                                               OnTemporaryFailure::Discard, soon(), {});
    QVERIFY2(sent, sent ? "" : sent.error().code.c_str());
    int lines = 0;
    const auto journal = there.journal->list();
    for (const auto &line : journal.value()) {
        for (const auto &[name, value] : line.facts) {
            QVERIFY2(value.find("tulip") == std::string::npos, name.c_str());
        }
        if (line.event == "finding.dismissed") {
            ++lines;
            QCOMPARE(line.facts.at("kind"), plan->findings.front().kind);
            QCOMPARE(line.facts.at("place"), "body:3");
            QCOMPARE(line.facts.at("reason"), kReason);
            QCOMPARE(line.facts.at("plan"), plan->digest);
        }
    }
    QCOMPARE(lines, 1);
}

void TstDismissals::isKeptInTheSealedDraft() {
    const auto there = world();
    const auto what = dismissing(there, draftOf(kBody));
    store::DraftStore drafts(there.database);
    QVERIFY(drafts.save(what));
    const auto kept = drafts.list();
    const auto &back = kept.value().front();
    QCOMPARE(back.dismissals, what.dismissals);
    QVERIFY(!scan::stands(only(there.planFor(back)->findings)));
}

void TstDismissals::wishesNameKindAndPlace_data() {
    QTest::addColumn<QByteArray>("wish");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<int>("count");
    const auto row = [](const char *wish, const char *error, int count) {
        QTest::newRow(wish) << QByteArray(wish) << QByteArray(error) << count;
    };
    row("password:body:3=Only an example here", "", 1);
    row("password:body=Only an example here", "", 2);
    row("password:a=b.zip:etc/x:7=Only = an example", "", 1);
    row("password:a=b.zip:etc/x=Only an example here", "", 1);
    row("password:a=b.zip=Only an example here", "", 1);
    row("password:body:4=Only an example here", "dismissal.no-match", 0);
    row("password=Only an example here", "dismissal.no-match", 0);
    row("pin:body:3=Only an example here", "dismissal.no-match", 0);
    row("password:bod=Only an example here", "dismissal.no-match", 0);
    row("password:body:3", "dismissal.no-match", 0);
    row("password:body:3=short", "dismissal.no-reason", 0);
    row("private-key:body:5=Only an example here", "dismissal.not-allowed", 0);
}

void TstDismissals::wishesNameKindAndPlace() {
    QFETCH(QByteArray, wish);
    QFETCH(QByteArray, error);
    QFETCH(int, count);
    const auto finding = [](const char *kind, scan::Location location, bool may) {
        scan::Finding made;
        made.kind = kind;
        made.location = std::move(location);
        made.mark = std::string("mark of ") + kind + placeOf(made.location);
        made.dismissible = may;
        return made;
    };
    const std::vector findings = {finding("password", {"body", "", 3, 1}, true),
                                  finding("password", {"body", "", 9, 1}, true),
                                  finding("private-key", {"body", "", 5, 1}, false),
                                  finding("password", {"a=b.zip", "etc/x", 7, 1}, true)};
    const auto made = dismissalsFor({wish.toStdString()}, findings);
    QCOMPARE(QByteArray::fromStdString(made ? std::string() : made.error().code), error);
    if (made) {
        QCOMPARE(static_cast<int>(made->size()), count);
        QCOMPARE(made->front().reason.substr(0, 4), "Only");
    } else {
        QVERIFY(made.error().subject.find("example") == std::string::npos);
    }
}

void TstDismissals::reasonsThatRepeat_data() {
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<bool>("repeats");
    const auto row = [](const char *title, const char *secret, const char *reason, bool repeats) {
        QTest::newRow(title) << QByteArray(secret) << QByteArray(reason) << repeats;
    };
    row("none", "tulip42", "A made-up word for the exercise", false);
    row("in-the-middle", "tulip42", "that tulip42 is made up", true);
    row("at-the-end", "tulip42", "made up: tulip42", true);
    row("alone", "tulip42", "tulip42", true);
    row("without-its-full-stop", "tulip42.", "that tulip42 is made up", true);
    row("full-stop-alone", ".", "that is made up", false);
    row("part-of-it", "tulip42", "tulip4 is a part", false);
    row("beyond-ascii", "caf\xC3\xA9-42", "nur \xC3\xBC: caf\xC3\xA9-42", true);
    row("shorter-than-it", "tulip42", "tulip", false);
}

void TstDismissals::reasonsThatRepeat() {
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, reason);
    QFETCH(bool, repeats);
    scan::Finding finding;
    finding.location.length = static_cast<std::uint32_t>(QString::fromUtf8(secret).size());
    finding.digest = crypto::sha256(secret.toStdString());
    QCOMPARE(send::repeats(reason.toStdString(), finding), repeats);
    finding.category = scan::Category::Marking; // no secret
    QVERIFY(!send::repeats(reason.toStdString(), finding));
    finding.category = scan::Category::Credential;
    finding.digest.clear(); // a whole file
    QVERIFY(!send::repeats(reason.toStdString(), finding));
}

//! Not from the command line, and not in a draft from elsewhere.
void TstDismissals::aReasonThatRepeatsCountsForNothing() {
    const auto there = world();
    auto what = dismissing(there, draftOf(kBody));
    const std::string reason = "tulipwednesday42 is made up";
    what.dismissals.front().reason = reason;
    const auto plan = there.planFor(what);
    QVERIFY(scan::stands(only(plan->findings)));
    const auto made =
        dismissalsFor({plan->findings.front().kind + ":body=" + reason}, plan->findings);
    QVERIFY(!made);
    QCOMPARE(made.error().code, std::string("dismissal.repeats"));
    QVERIFY(made.error().subject.find("tulip") == std::string::npos);
    QVERIFY(made.error().logSafeDetail.find("tulip") == std::string::npos);
}

//! Nor does one that says why it may stay as it is.
void TstDismissals::aJustificationThatRepeatsCountsForNothing() {
    const auto there = world();
    auto what = draftOf(kBody);
    what.classification = Classification::Official;
    const auto plan = there.planFor(what);
    QVERIFY(!plan->owed.empty());
    auto approvals = World::approve(*plan);
    approvals.justification = "tulipwednesday42 is made up";
    const auto refused =
        there.executor().execute(*plan, approvals, OnTemporaryFailure::Discard, soon(), {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, std::string("plan.owed"));
    QVERIFY(refused.error().logSafeDetail.find("tulip") == std::string::npos);
    const auto journal = there.journal->list();
    for (const auto &line : journal.value()) {
        for (const auto &[name, value] : line.facts) {
            QVERIFY2(value.find("tulip") == std::string::npos, name.c_str());
        }
    }
    approvals.justification = "A made-up word for the exercise";
    QVERIFY(there.executor().execute(*plan, approvals, OnTemporaryFailure::Discard, soon(), {}));
}

QTEST_GUILESS_MAIN(TstDismissals)
#include "tst_Dismissals.moc"
