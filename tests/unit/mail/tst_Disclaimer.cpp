// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Disclaimer.h"

#include <QTest>

using namespace sealpost::mail;

namespace {

const char kText[] = "This message is for {name}'s readers alone.\nNot yours? Tell {organisation}.";
const char kFilled[] = "This message is for Jo's readers alone.\nNot yours? Tell the Court.";

std::string with(std::string_view body) {
    return withDisclaimer(body, kText, kFilled);
}

} // namespace

class TstDisclaimer : public QObject {
    Q_OBJECT
private slots:
    void fields();
    void goesBehindOwnWords_data();
    void goesBehindOwnWords();
    void onceInAThread_data();
    void onceInAThread();
    void otherWordsAreNotIt();
};

void TstDisclaimer::fields() {
    QCOMPARE(filledIn(kText, {{"name", "Jo"}, {"organisation", "the Court"}}), kFilled);
    QCOMPARE(filledIn("a {b} {", {}), "a {b} {");
    // What is filled in is not filled in again.
    QCOMPARE(filledIn("{name}", {{"name", "{name}"}}), "{name}");
}

void TstDisclaimer::goesBehindOwnWords_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("own");   // what stands in front of it
    QTest::addColumn<QByteArray>("after"); // what stands behind it
    const auto row = [](const char *name, const char *own, const char *gap, const char *after) {
        QTest::newRow(name) << QByteArray(own) + gap + after << QByteArray(own)
                            << QByteArray(after);
    };
    row("plain", "Dear Jo,\nall is well.", "\n", "");
    row("no-line-end", "Dear Jo", "", "");
    row("quote", "Yes.", "\n\n", "On 3 May, Jo Bloggs wrote:\n> Shall we?\n>\n> Jo\n");
    row("attribution-apart", "Yes.", "\n\n", "On 3 May, Jo wrote:\n\n> Shall we?\n");
    row("bare-quote", "Yes.", "\n", "> Shall we?\n");
    row("outlook", "Yes.", "\r\n\r\n",
        "-----Original Message-----\r\nFrom: Jo\r\n\r\nShall we?\r\n");
    row("forwarded", "See below.", "\n\n", "---------- Forwarded message ----------\nFrom: Jo\n");
    row("answers-between", "> Shall we?\nYes.\n> When?\nToday.", "\n", "");
}

void TstDisclaimer::goesBehindOwnWords() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, own);
    QFETCH(QByteArray, after);
    auto expected = own.toStdString() + "\n\n" + kFilled + "\n";
    if (!after.isEmpty()) {
        expected += "\n" + after.toStdString();
    }
    QCOMPARE(with(body.toStdString()), expected);
    // And it is appended once.
    QCOMPARE(with(expected), expected);
}

void TstDisclaimer::onceInAThread_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("quoted") << QByteArray("Yes.\n\nOn 3 May, Jo wrote:\n"
                                          "> This message is for Alex's readers alone.\n"
                                          "> Not yours? Tell the Office.\n");
    QTest::newRow("quoted-and-folded")
        << QByteArray("Yes.\n> > This message is for Alex's\n> > readers alone. Not\n"
                      "> > yours? Tell the Office.\n");
    QTest::newRow("below") << QByteArray("Yes.\n-----Original Message-----\r\nThis message is for "
                                         "A's readers alone.\r\nNot yours? Tell B.");
}

void TstDisclaimer::onceInAThread() {
    QFETCH(QByteArray, body);
    QVERIFY(hasDisclaimer(body.toStdString(), kText));
    QCOMPARE(with(body.toStdString()), body.toStdString());
}

void TstDisclaimer::otherWordsAreNotIt() {
    QVERIFY(!hasDisclaimer("This message is for all.\nTell everybody.", kText));
    QVERIFY(!hasDisclaimer("", kText));
    QVERIFY(!hasDisclaimer("anything", "{name}"));
}

QTEST_GUILESS_MAIN(TstDisclaimer)
#include "tst_Disclaimer.moc"
