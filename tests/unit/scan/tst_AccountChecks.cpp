// SPDX-License-Identifier: GPL-3.0-or-later
// Modulus checking. The tables are made up for this test; that of Pay.UK may not be passed on. Each
// weight that is no zero is chosen so that the sum can be done in one's head.
#include "scan/AccountChecks.h"
#include "scan/Scanner.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;

namespace {

using Verdict = AccountChecks::Verdict;

//                                from   to            u v w x y z a b c d e f g h
constexpr std::string_view kWeights = "100000 100099 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1\r\n"
                                      "110000 110000 MOD11 0 0 0 0 0 0 7 5 8 3 4 6 2 1\r\n"
                                      "499273 499273 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1\r\n"
                                      "120000 120000 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1\r\n"
                                      "120000 120000 DBLAL 0 0 0 0 0 0 0 0 0 0 0 0 1 0\r\n"
                                      "200001 200001 DBLAL 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1\r\n"
                                      "309070 309070 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1 2\r\n"
                                      "309070 309070 MOD11 0 0 0 0 0 1 0 0 0 0 0 0 0 1 9\r\n"
                                      "200003 200003 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1\r\n"
                                      "200003 200003 DBLAL 0 0 0 0 0 0 0 0 0 0 0 0 1 0 3\r\n"
                                      "200004 200004 MOD11 0 0 0 0 0 0 1 0 0 0 0 0 0 0 4\r\n"
                                      "938600 938600 MOD11 1 0 0 0 0 0 1 0 0 0 0 0 0 0 5\r\n"
                                      "938600 938600 DBLAL 0 0 0 0 0 0 0 1 0 0 0 0 0 0 5\r\n"
                                      "200006 200006 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1 6\r\n"
                                      "700007 700007 MOD10 1 0 0 0 0 0 0 0 0 0 0 0 0 1 7\r\n"
                                      "200008 200008 MOD10 0 0 0 0 0 1 0 0 0 0 0 0 0 1 8\r\n"
                                      "800010 800010 MOD11 1 0 0 0 0 0 0 0 0 0 0 0 0 1 10\r\n"
                                      "800010 800010 MOD11 0 0 0 0 0 0 1 0 0 0 0 0 0 0 11\r\n"
                                      "200012 200012 MOD11 0 0 0 0 0 0 1 0 0 0 0 0 0 0 12\r\n"
                                      "200012 200012 MOD10 0 0 0 0 0 0 0 1 0 0 0 0 0 0 13\r\n"
                                      "200014 200014 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 1 1 14\r\n";
constexpr std::string_view kSubstitutes = "938600 038600\r\n938601 138601\r\n";

} // namespace

class tst_AccountChecks : public QObject {
    Q_OBJECT

private slots:
    void judges_data();
    void judges();
    void tablesAreKnown();
    void mistakesAreNamed();
    void confidence_data();
    void confidence();
};

void tst_AccountChecks::judges_data() {
    QTest::addColumn<QByteArray>("sortCode");
    QTest::addColumn<QByteArray>("account");
    QTest::addColumn<int>("verdict");
    const auto row = [](const char *name, const char *sortCode, const char *account,
                        Verdict verdict) {
        QTest::newRow(name) << QByteArray(sortCode) << QByteArray(account)
                            << static_cast<int>(verdict);
    };
    row("no-rule", "100100", "12345678", Verdict::Unknown);
    row("modulus-10", "100050", "12345670", Verdict::Fits);
    row("modulus-10-not", "100050", "12345671", Verdict::DoesNotFit);
    // The two worked examples of "Validating account numbers": 176 is 16 times 11, and 70.
    row("modulus-11-published", "110000", "58177632", Verdict::Fits);
    row("modulus-11-not", "110000", "58177633", Verdict::DoesNotFit);
    row("double-alternate-published", "499273", "12345678", Verdict::Fits);
    row("double-alternate-not", "499273", "12345679", Verdict::DoesNotFit);
    row("both", "120000", "12345600", Verdict::Fits);
    row("both-first-alone", "120000", "12345610", Verdict::DoesNotFit);
    row("both-second-alone", "120000", "12345601", Verdict::DoesNotFit);
    row("1-adds-27", "200001", "12345673", Verdict::Fits);
    row("1-adds-27-not", "200001", "12345670", Verdict::DoesNotFit);
    row("2-own-weights", "309070", "00000000", Verdict::Fits);
    row("2-other-weights", "309070", "10000005", Verdict::Fits);   // 9 + 35 + 6 + 5
    row("2-with-nine", "309070", "10000092", Verdict::DoesNotFit); // 27 + 2
    row("2-with-nine-fits", "309070", "10000096", Verdict::Fits);  // 27 + 6
    row("9-other-sort-code", "309070", "00000007", Verdict::Fits); // 4 + 7
    row("2-nor-9", "309070", "00000008", Verdict::DoesNotFit);
    row("3-second", "200003", "12345610", Verdict::DoesNotFit);
    row("3-not-carried-out", "200003", "12645610", Verdict::Fits);
    row("3-not-carried-out-9", "200003", "12945610", Verdict::Fits);
    row("4-remainder", "200004", "51234505", Verdict::Fits);
    row("4-remainder-not", "200004", "51234500", Verdict::DoesNotFit);
    row("5", "938600", "34000086", Verdict::Fits); // 11 - 3 and 10 - 4
    row("5-first-not", "938600", "34000076", Verdict::DoesNotFit);
    row("5-second-not", "938600", "34000087", Verdict::DoesNotFit);
    row("5-nothing-over", "938600", "00000000", Verdict::Fits);
    row("5-one-over", "938600", "10000000", Verdict::DoesNotFit);
    row("6-foreign", "200006", "51234577", Verdict::Unknown);
    row("6-sterling", "200006", "31234577", Verdict::DoesNotFit);
    row("6-other-end", "200006", "51234570", Verdict::Fits);
    row("7", "700007", "12345673", Verdict::Fits); // 7 + 3
    row("7-nine", "700007", "12345690", Verdict::Fits);
    row("7-nine-not", "700007", "12345693", Verdict::DoesNotFit);
    row("8-other-sort-code", "200008", "12345674", Verdict::Fits); // 6 + 4
    row("8-not", "200008", "12345672", Verdict::DoesNotFit);
    row("10", "800010", "12345673", Verdict::Fits); // 8 + 3
    row("10-nine", "800010", "99345690", Verdict::Fits);
    row("11", "800010", "02345670", Verdict::Fits);
    row("10-nor-11", "800010", "12345670", Verdict::DoesNotFit);
    row("12", "200012", "02345678", Verdict::Fits);
    row("13", "200012", "10345678", Verdict::Fits);
    row("12-nor-13", "200012", "12345678", Verdict::DoesNotFit);
    row("14", "200014", "12345665", Verdict::Fits);         // 6 + 5
    row("14-shifted", "200014", "12345561", Verdict::Fits); // 5 + 6, without the last
    row("14-shifted-not", "200014", "12345562", Verdict::DoesNotFit);
}

void tst_AccountChecks::judges() {
    QFETCH(QByteArray, sortCode);
    QFETCH(QByteArray, account);
    QFETCH(int, verdict);
    AccountChecks checks;
    QVERIFY(checks.add(kWeights, "weights"));
    QVERIFY(checks.add(kSubstitutes, "substitutes"));
    QCOMPARE(static_cast<int>(checks.judge(sortCode.toStdString(), account.toStdString())),
             verdict);
}

void tst_AccountChecks::tablesAreKnown() {
    QVERIFY(AccountChecks::isTable(kWeights));
    QVERIFY(AccountChecks::isTable(kSubstitutes));
    QVERIFY(!AccountChecks::isTable("[[rule]]\nid = 'x'\n"));
    QVERIFY(!AccountChecks::isTable(""));
}

void tst_AccountChecks::mistakesAreNamed() {
    for (const auto *line : {"100000 100099 MOD12 0 0 0 0 0 0 0 0 0 0 0 0 0 1",
                             "100000 100099 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0",
                             "100000 100099 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 x",
                             "100000 10009 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1",
                             "100000 100099 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1"}) {
        AccountChecks checks;
        const auto added =
            checks.add(std::string(kWeights.substr(0, 51)) + '\n' + line, "table.txt");
        QVERIFY(!added);
        QCOMPARE(added.error().code, std::string("scan.rules"));
        QVERIFY2(added.error().logSafeDetail.starts_with("table.txt:2: "),
                 added.error().logSafeDetail.c_str());
    }
}

void tst_AccountChecks::confidence_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("withTable");
    QTest::addColumn<int>("confidence");
    const auto high = static_cast<int>(Confidence::High);
    const auto medium = static_cast<int>(Confidence::Medium);
    QTest::newRow("fits") << QByteArray("Sort code 10-00-50, account number 55779910") << true
                          << high;
    QTest::newRow("does-not") << QByteArray("Sort code 10-00-50, account number 55779911") << true
                              << medium;
    QTest::newRow("reversed") << QByteArray("Account number 55779911, sort code 10-00-50") << true
                              << medium;
    QTest::newRow("pair-fits") << QByteArray("Please transfer to 10-00-50 / 55779910") << true
                               << high;
    QTest::newRow("no-rule") << QByteArray("Sort code 20-00-00, account number 55779911") << true
                             << high;
    QTest::newRow("no-table") << QByteArray("Sort code 10-00-50, account number 55779911") << false
                              << high;
    QTest::newRow("pair-does-not") << QByteArray("BACS ref X: 10-00-50 55779911") << true << medium;
}

void tst_AccountChecks::confidence() {
    QFETCH(QByteArray, text);
    QFETCH(bool, withTable);
    QFETCH(int, confidence);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("valacdos.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kWeights.data(), static_cast<qint64>(kWeights.size()));
    file.close();
    ScannerOptions options;
    if (withTable) {
        options.ruleFiles = {file.fileName().toStdString()};
    }
    const auto scanner = Scanner::create(options);
    QVERIFY(scanner);
    const auto report = (*scanner)->scanText(text.toStdString(), "body");
    QCOMPARE(report.findings.size(), std::size_t{1});
    const auto &finding = report.findings.front();
    QCOMPARE(static_cast<int>(finding.confidence), confidence);
    const bool proven = std::find(finding.because.begin(), finding.because.end(), "check-digits") !=
                        finding.because.end();
    QCOMPARE(proven, text.contains("55779910"));
}

QTEST_APPLESS_MAIN(tst_AccountChecks)
#include "tst_AccountChecks.moc"
