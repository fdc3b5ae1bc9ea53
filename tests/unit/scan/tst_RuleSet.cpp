// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"
#include "scan/Scanner.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>

using namespace sealpost;
using namespace sealpost::scan;

namespace {

//! Examples hold a joint that keeps them from looking real to others' scanners.
QByteArray withoutJoints(const std::string &example) {
    return QByteArray::fromStdString(example).replace("¦", "");
}

std::vector<Rule> builtInRules() {
    const auto rules = RuleSet::builtIn();
    return rules ? rules->rules() : std::vector<Rule>();
}

bool finds(const ScanReport &report, const std::string &kind) {
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const Finding &finding) { return finding.kind == kind; });
}

} // namespace

class tst_RuleSet : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void examplesMatch_data();
    void examplesMatch();
    void noReportHoldsMoreThanFourCharacters_data();
    void noReportHoldsMoreThanFourCharacters();
    void checksumsAreSaid();
    void examplesStayQuiet_data();
    void examplesStayQuiet();
    void everyRuleHasExamples();
    void everyFileIsRead();
    void anchorsAreInTheirPlaces();
    void problemsAreLocated_data();
    void problemsAreLocated();
    void refusesDuplicateIds();
    void refusesUnknownValidators();

private:
    std::shared_ptr<const Scanner> m_scanner;
};

void tst_RuleSet::initTestCase() {
    auto scanner = Scanner::create();
    QVERIFY2(scanner, scanner ? "" : scanner.error().logSafeDetail.c_str());
    m_scanner = *scanner;
    QVERIFY(builtInRules().size() >= 306);
}

void tst_RuleSet::examplesMatch_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("kind");
    for (const auto &rule : builtInRules()) {
        int number = 0;
        for (const auto &example : rule.matches) {
            QTest::addRow("%s-%d", rule.id.c_str(), ++number)
                << withoutJoints(example) << QByteArray::fromStdString(rule.id);
        }
    }
}

void tst_RuleSet::examplesMatch() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, kind);
    const auto report = m_scanner->scanText(text.toStdString(), "body");
    QVERIFY(report.skipped.empty());
    QVERIFY2(finds(report, kind.toStdString()), text.constData());
}

void tst_RuleSet::noReportHoldsMoreThanFourCharacters_data() {
    examplesMatch_data();
}

void tst_RuleSet::noReportHoldsMoreThanFourCharacters() {
    QFETCH(QByteArray, text);
    const QRegularExpression redacted(QStringLiteral("^.{0,4}… \\(\\d+ characters\\)$"),
                                      QRegularExpression::DotMatchesEverythingOption);
    const auto report = m_scanner->scanText(text.toStdString(), "body");
    for (const auto &finding : report.findings) {
        QVERIFY(!finding.because.empty());
        if (finding.category != Category::Marking) {
            QVERIFY2(redacted.match(QString::fromStdString(finding.excerpt)).hasMatch(),
                     finding.kind.c_str());
        }
        for (const auto &reason : finding.because) {
            const auto known = reason == "shape" || reason == "random" ||
                               reason == "check-digits" || reason.starts_with("near: ") ||
                               reason.starts_with("count: ");
            QVERIFY2(known, reason.c_str());
        }
    }
}

void tst_RuleSet::checksumsAreSaid() {
    const auto because = [&](const std::string &text) {
        const auto report = m_scanner->scanText(text, "body");
        return report.findings.empty() ? std::vector<std::string>() : report.findings[0].because;
    };
    const auto proven = [&](const std::string &text) {
        const auto reasons = because(text);
        return std::find(reasons.begin(), reasons.end(), "check-digits") != reasons.end();
    };
    // A GitHub token whose CRC-32 fits, and one whose does not: both are found, one is proven.
    // In pieces, which keep it from the scanners of code hosts.
    std::string fits = "ghp_";
    fits.append("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ").append("0mLq17");
    QVERIFY(proven(fits));
    QVERIFY(!because(fits.substr(0, 39) + "8").empty());
    QVERIFY(!proven(fits.substr(0, 39) + "8"));
    QVERIFY(proven("PNC ID 2001/0171310W"));
    QVERIFY(!proven("DOB: 21/03/1984"));
}

void tst_RuleSet::examplesStayQuiet_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("kind");
    for (const auto &rule : builtInRules()) {
        int number = 0;
        for (const auto &example : rule.quiet) {
            QTest::addRow("%s-%d", rule.id.c_str(), ++number)
                << withoutJoints(example) << QByteArray::fromStdString(rule.id);
        }
    }
}

void tst_RuleSet::examplesStayQuiet() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, kind);
    const auto report = m_scanner->scanText(text.toStdString(), "body");
    QVERIFY2(!finds(report, kind.toStdString()), text.constData());
}

void tst_RuleSet::everyRuleHasExamples() {
    for (const auto &rule : builtInRules()) {
        QVERIFY2(rule.matches.size() >= 2 && rule.quiet.size() >= 2, rule.id.c_str());
    }
}

void tst_RuleSet::everyFileIsRead() {
    const QDir folder(QStringLiteral(SEALPOST_SOURCE_DIR "/resources/rules"));
    qsizetype written = 0;
    for (const auto &name : folder.entryList({QStringLiteral("*.toml")})) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        written += text.count("[[rule]]\n");
        QVERIFY2(text.count('\n') <= 800, qPrintable(name)); // past that it is two topics
    }
    QCOMPARE(builtInRules().size(), static_cast<std::size_t>(written));
}

//! What is said of an anchor's place holds for all examples, wherever they stand.
void tst_RuleSet::anchorsAreInTheirPlaces() {
    int seen = 0;
    for (const auto &rule : builtInRules()) {
        for (const auto &example : rule.matches) {
            for (std::size_t before = 0; before < 32 && rule.where != AnchorPlace::Anywhere;
                 before += 3) {
                const auto text =
                    std::string(before, ' ') + '\n' + withoutJoints(example).toStdString();
                QVERIFY2(finds(m_scanner->scanText(text, "body"), rule.id), text.c_str());
                ++seen;
            }
        }
    }
    QVERIFY(seen > 400);
}

void tst_RuleSet::problemsAreLocated_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char *title, const char *toml, const char *detail) {
        QTest::newRow(title) << QByteArray(toml) << QByteArray(detail);
    };
    row("syntax", "[[rule]]\nid = \n", "r.toml:2:");
    row("no-rule", "x = 1\n", "no [[rule]]");
    row("unknown-key", "[[rule]]\nid='a'\nanchor='a'\nregex='a'\ncolour='red'\n",
        "r.toml:5:8: unknown key colour");
    row("wrong-type", "[[rule]]\nid=1\n", "r.toml:2:4: id has the wrong type");
    row("unknown-category", "[[rule]]\ncategory='x'\n", "r.toml:2:10: unknown category x");
    row("unknown-minimum", "[[rule]]\nminimum='x'\n", "r.toml:2:9: unknown minimum x");
    row("list-of-numbers", "[[rule]]\nallow=[1]\n", "allow holds something that is no text");
    row("negative", "[[rule]]\nsecret=-1\n", "r.toml:2:8: secret is out of range");
    row("incomplete", "[[rule]]\nid='a'\n", "r.toml:1:1: id is required");
}

void tst_RuleSet::problemsAreLocated() {
    QFETCH(QByteArray, toml);
    QFETCH(QByteArray, detail);
    const auto rules = parseRules(toml.toStdString(), "r.toml");
    QVERIFY(!rules);
    QCOMPARE(rules.error().code, std::string("scan.rules"));
    QVERIFY2(QByteArray::fromStdString(rules.error().logSafeDetail).contains(detail),
             rules.error().logSafeDetail.c_str());
}

void tst_RuleSet::refusesDuplicateIds() {
    Rule rule;
    rule.id = "a";
    QVERIFY(!RuleSet::from({rule, rule}));
}

void tst_RuleSet::refusesUnknownValidators() {
    Rule rule;
    rule.id = "a";
    rule.validators = {"crystal-ball"};
    const auto set = RuleSet::from({rule});
    QVERIFY(!set);
    QVERIFY(set.error().logSafeDetail.find("crystal-ball") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_RuleSet)
#include "tst_RuleSet.moc"
