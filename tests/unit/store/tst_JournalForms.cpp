// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/JournalForms.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace sealpost;
using namespace sealpost::store;

namespace {

JournalLine someLine(std::map<std::string, std::string> facts) {
    JournalLine line;
    line.sequence = 7;
    line.time = base::fromIso8601("2026-11-23T14:02:00Z");
    line.event = "plan.approved";
    line.facts = std::move(facts);
    line.chain = "ab";
    return line;
}

} // namespace

class TstJournalForms : public QObject {
    Q_OBJECT
private slots:
    void csvHasAColumnForEachFact();
    void csvHasNoTwoColumnsOfOneName();
    void csvIsNoFormula_data();
    void csvIsNoFormula();
    void csvQuotes();
    void syslogIsRfc5424();
    void syslogHeaderTakesNoNonsense();
    void framesCountBytes();
    void signaturesAreNotShown();
};

void TstJournalForms::csvHasAColumnForEachFact() {
    const std::vector<JournalLine> lines = {someLine({{"b", "1"}}), someLine({{"a", "2"}})};
    QCOMPARE(toCsv(lines),
             "\"sequence\",\"time\",\"event\",\"a\",\"b\",\"chain\"\r\n"
             "\"7\",\"2026-11-23T14:02:00Z\",\"plan.approved\",\"\",\"1\",\"ab\"\r\n"
             "\"7\",\"2026-11-23T14:02:00Z\",\"plan.approved\",\"2\",\"\",\"ab\"\r\n");
}

void TstJournalForms::csvHasNoTwoColumnsOfOneName() {
    // As journal.signed has it.
    const std::vector<JournalLine> lines = {someLine({{"chain", "cd"}, {"time", "noon"}})};
    QCOMPARE(toCsv(lines),
             "\"sequence\",\"time\",\"event\",\"fact.chain\",\"fact.time\",\"chain\"\r\n"
             "\"7\",\"2026-11-23T14:02:00Z\",\"plan.approved\",\"cd\",\"noon\",\"ab\"\r\n");
}

void TstJournalForms::csvIsNoFormula_data() {
    QTest::addColumn<QByteArray>("value");
    for (const auto *value :
         {"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
          "\xEF\xBC\x9D"
          "1",
          "\xEF\xBC\x8B"
          "1",
          "\xEF\xBC\x8D"
          "1",
          "\xEF\xBC\xA0"
          "A1"}) {
        QTest::newRow(QByteArray(value).toHex().constData()) << QByteArray(value);
    }
}

void TstJournalForms::csvIsNoFormula() {
    QFETCH(QByteArray, value);
    const std::vector<JournalLine> lines = {someLine({{"a", value.toStdString()}}),
                                            someLine({{value.toStdString(), "x"}})};
    const auto csv = QByteArray::fromStdString(toCsv(lines));
    QVERIFY(!csv.contains("\"" + value));
    QCOMPARE(csv.count("\"'" + value), 2); // as a fact, and as a fact's name
}

void TstJournalForms::csvQuotes() {
    const std::vector<JournalLine> lines = {someLine({{"a", "say \"no\", he\r\nsaid; 1"}})};
    QVERIFY(QByteArray::fromStdString(toCsv(lines))
                .contains("\"say \"\"no\"\", he\r\nsaid; 1\",\"ab\"\r\n"));
}

void TstJournalForms::syslogIsRfc5424() {
    const auto message =
        QByteArray::fromStdString(toSyslog(someLine({{"reason", "\"]é\n"}}), "desk-7"));
    const QByteArray header = "<110>1 2026-11-23T14:02:00Z desk-7 sealpost - plan.approved "
                              "[meta sequenceId=\"7\"] \xEF\xBB\xBF";
    QVERIFY(message.startsWith(header));
    const auto object = QJsonDocument::fromJson(message.mid(header.size())).object();
    QCOMPARE(object, toJson(someLine({{"reason", "\"]é\n"}})));
    QVERIFY(!message.contains('\n'));
}

void TstJournalForms::syslogHeaderTakesNoNonsense() {
    auto line = someLine({});
    line.event = std::string("a b\n") + std::string(40, 'c');
    line.sequence = 2'147'483'648;
    const auto message = QByteArray::fromStdString(toSyslog(line, "b\xC3\xBC"
                                                                  "ro \r\n"));
    QVERIFY(message.startsWith("<110>1 2026-11-23T14:02:00Z bro sealpost - ab" +
                               QByteArray(30, 'c') + " [meta sequenceId=\"1\"] "));
    QVERIFY(QByteArray::fromStdString(toSyslog(line, "\xC3\xBC")).contains("Z - sealpost"));
}

void TstJournalForms::framesCountBytes() {
    QCOMPARE(framed("h\xC3\xA9"), "3 h\xC3\xA9");
}

void TstJournalForms::signaturesAreNotShown() {
    const auto line = someLine({{"lines", "6"}, {"signature", "MIIC"}});
    QCOMPARE(shownFacts(line), (std::map<std::string, std::string>{{"lines", "6"}}));
    QVERIFY(toJson(line)[QLatin1String("facts")].toObject().contains(QLatin1String("signature")));
}

QTEST_GUILESS_MAIN(TstJournalForms)
#include "tst_JournalForms.moc"
