// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Marking.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::mail;

namespace {

const Marking kSensitive{Classification::OfficialSensitive, {}, {}};
const Marking kRecipients{Classification::OfficialSensitive, "RECIPIENTS ONLY", "COMMERCIAL"};

} // namespace

class TstMarking : public QObject {
    Q_OBJECT
private slots:
    void texts();
    void subjects_data();
    void subjects();
    void markedSubjects_data();
    void markedSubjects();
    void bodies_data();
    void bodies();
    void markedBodies();
    void higherOfTwo();
    void nothingThatWasWrittenIsLost();
    void quoted_data();
    void quoted();
};

void TstMarking::texts() {
    QCOMPARE(toText(kSensitive), "OFFICIAL-SENSITIVE");
    QCOMPARE(toText(kRecipients), "OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL");
    QVERIFY(markingFrom(toText(kRecipients)) == kRecipients);
    QVERIFY(markingFrom("official sensitive \u2013 Recipients Only \u2013 commercial") ==
            kRecipients);
    QVERIFY(!markingFrom("OFFICIALLY"));
    QVERIFY(!markingFrom(""));
}

void TstMarking::subjects_data() {
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("seen"); // empty: none
    const auto row = [](const char *subject, const char *seen) {
        QTest::newRow(subject) << QString::fromUtf8(subject) << QString::fromUtf8(seen);
    };
    row("Minutes", "");
    row("[OFFICIAL-SENSITIVE] Minutes", "OFFICIAL-SENSITIVE");
    row("[Official - Sensitive] Minutes", "OFFICIAL-SENSITIVE");
    row("OFFICIAL-SENSITIVE: Minutes", "OFFICIAL-SENSITIVE");
    row("OFFICIAL SENSITIVE - COMMERCIAL: Bid", "OFFICIAL-SENSITIVE - COMMERCIAL");
    row("OFFICIAL \xE2\x80\x93 SENSITIVE: Bid", "OFFICIAL-SENSITIVE");
    row("Re: [OFFICIAL-SENSITIVE - RECIPIENTS ONLY] Minutes",
        "OFFICIAL-SENSITIVE - RECIPIENTS ONLY");
    row("Fwd: Re: OFFICIAL: Minutes", "OFFICIAL");
    row("[SECRET] Plan", "SECRET");
    row("TOP SECRET: Plan", "TOP SECRET");
    row("[OFFICIAL] Re: [OFFICIAL-SENSITIVE] Minutes", "OFFICIAL-SENSITIVE");
    // Words of a language, not markings.
    row("OFFICIAL visit on Friday", "");
    row("Official: opening of the court", "");
    row("Secret Santa", "");
    row("[External] Minutes", "");
    row("Minutes [OFFICIAL]", "");
}

void TstMarking::subjects() {
    QFETCH(QString, subject);
    QFETCH(QString, seen);
    const auto marking = markingOfSubject(subject.toStdString());
    QCOMPARE(marking ? QString::fromStdString(toText(*marking)) : QString(), seen);
}

void TstMarking::markedSubjects_data() {
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("marked");
    const auto row = [](const char *subject, const char *marked) {
        QTest::newRow(subject) << QString::fromUtf8(subject) << QString::fromUtf8(marked);
    };
    row("Minutes", "[OFFICIAL-SENSITIVE] Minutes");
    row("", "[OFFICIAL-SENSITIVE] ");
    row("[OFFICIAL] Minutes", "[OFFICIAL-SENSITIVE] Minutes");
    row("Re: OFFICIAL SENSITIVE: Minutes", "[OFFICIAL-SENSITIVE] Re: Minutes");
    row("Fwd: [OFFICIAL-SENSITIVE] Re: [OFFICIAL] Minutes",
        "[OFFICIAL-SENSITIVE] Fwd: Re: Minutes");
    row("Caf\xC3\xA9 \xE2\x80\x93 menu", "[OFFICIAL-SENSITIVE] Caf\xC3\xA9 \xE2\x80\x93 menu");
}

void TstMarking::markedSubjects() {
    QFETCH(QString, subject);
    QFETCH(QString, marked);
    const auto once = markedSubject(subject.toStdString(), kSensitive);
    QCOMPARE(QString::fromStdString(once), marked);
    QCOMPARE(markedSubject(once, kSensitive), once);
    QVERIFY(markingOfSubject(once) == kSensitive);
}

void TstMarking::bodies_data() {
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("seen");
    const auto row = [](const char *body, const char *seen) {
        QTest::newRow(body) << QString::fromUtf8(body) << QString::fromUtf8(seen);
    };
    row("Dear Jo,\n", "");
    row("OFFICIAL-SENSITIVE\n\nDear Jo,\n", "OFFICIAL-SENSITIVE");
    row("\r\n  [Official-Sensitive]\r\nDear Jo", "OFFICIAL-SENSITIVE");
    row("OFFICIAL-SENSITIVE - COMMERCIAL\nDear Jo", "OFFICIAL-SENSITIVE - COMMERCIAL");
    row("Official opening of the court is on Friday.\n", "");
    row("> OFFICIAL-SENSITIVE\n", "");
}

void TstMarking::bodies() {
    QFETCH(QString, body);
    QFETCH(QString, seen);
    const auto marking = markingOfBody(body.toStdString());
    QCOMPARE(marking ? QString::fromStdString(toText(*marking)) : QString(), seen);
}

void TstMarking::markedBodies() {
    QCOMPARE(markedBody("Dear Jo,\n", kSensitive), "OFFICIAL-SENSITIVE\n\nDear Jo,\n");
    QCOMPARE(markedBody("OFFICIAL\n\nDear Jo,\n", kSensitive), "OFFICIAL-SENSITIVE\n\nDear Jo,\n");
    const auto once = markedBody("Dear Jo,\n", kRecipients);
    QCOMPARE(markedBody(once, kRecipients), once);
    QVERIFY(markingOfBody(once) == kRecipients);
}

void TstMarking::higherOfTwo() {
    const Marking official;
    QVERIFY(higher(official, kRecipients) == kRecipients);
    QVERIFY(higher(kRecipients, official) == kRecipients);
    QVERIFY(higher(kSensitive, kRecipients) == kRecipients);
    QVERIFY(higher(kSensitive, std::nullopt) == kSensitive);
    const Marking other{Classification::OfficialSensitive, "EMBARGOED", {}};
    QVERIFY((higher(other, kRecipients) ==
             Marking{Classification::OfficialSensitive, "EMBARGOED", "COMMERCIAL"}));
    // What a person says beside a lower classification is not lost where a higher one leads.
    const Marking commercial{Classification::Official, {}, "COMMERCIAL"};
    QVERIFY((higher(commercial, kSensitive) ==
             Marking{Classification::OfficialSensitive, {}, "COMMERCIAL"}));
}

void TstMarking::nothingThatWasWrittenIsLost() {
    const Marking embargoed{Classification::OfficialSensitive, "EMBARGOED", {}};
    QCOMPARE(markedSubject("[OFFICIAL - Smith v Jones] Minutes", embargoed),
             "[OFFICIAL-SENSITIVE - EMBARGOED] [SMITH V JONES] Minutes");
    const auto once = markedSubject("[OFFICIAL - Smith v Jones] Minutes", embargoed);
    QCOMPARE(markedSubject(once, embargoed), once);
    QCOMPARE(markedBody("OFFICIAL: COURT CLOSED ON FRIDAY\nDear Jo,\n", embargoed),
             "OFFICIAL-SENSITIVE - EMBARGOED\n\nOFFICIAL: COURT CLOSED ON FRIDAY\nDear Jo,\n");
    QCOMPARE(toText(*markingFrom("OFFICIAL - A - B - C")), "OFFICIAL - A - B - C");
}

void TstMarking::quoted_data() {
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("seen");
    const auto row = [](const char *name, const char *body, const char *seen) {
        QTest::newRow(name) << QString::fromUtf8(body) << QString::fromUtf8(seen);
    };
    row("none", "Dear Jo,\n> Shall we?\n", "");
    row("line", "Yes.\n> OFFICIAL-SENSITIVE\n> Shall we?\n", "OFFICIAL-SENSITIVE");
    row("deep", "Yes.\n> > [OFFICIAL-SENSITIVE]\n> Shall we?\n", "OFFICIAL-SENSITIVE");
    row("highest", "Yes.\n> OFFICIAL\n> > SECRET\n", "SECRET");
    row("subject",
        "See below.\n---------- Forwarded message ----------\nFrom: a@b.example\n"
        "Subject: Fwd: [OFFICIAL-SENSITIVE - COMMERCIAL] Bid\n",
        "OFFICIAL-SENSITIVE - COMMERCIAL");
    row("own-text", "OFFICIAL-SENSITIVE\nDear Jo,\n> Shall we?\n", "");
    row("sentence", "Yes.\n> Official visits are OFFICIAL-SENSITIVE\n", "");
}

void TstMarking::quoted() {
    QFETCH(QString, body);
    QFETCH(QString, seen);
    const auto marking = markingOfQuoted(body.toStdString());
    QCOMPARE(marking ? QString::fromStdString(toText(*marking)) : QString(), seen);
}

QTEST_GUILESS_MAIN(TstMarking)
#include "tst_Marking.moc"
