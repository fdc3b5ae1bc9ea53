// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "scan/Matcher.h"
#include "scan/Prefilter.h"

#include <QStringEncoder>
#include <QTest>
#include <atomic>
#include <thread>

using namespace sealpost;
using namespace sealpost::scan;

namespace {

constexpr std::string_view kNino = "JG103759A";

Deadline soon() {
    return Deadline::after(std::chrono::seconds(30));
}

Rule ruleFor(std::string anchor, std::string regex) {
    Rule rule;
    rule.id = "test";
    rule.anchor = std::move(anchor);
    rule.regex = std::move(regex);
    return rule;
}

} // namespace

class tst_Scanner : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void locates_data();
    void locates();
    void findsOnceOnBlockBorders();
    void mostSpecificWins();
    void excerptsAreRedacted();
    void minimums();
    void contextRaisesConfidence();
    void tableHeaderIsContext();
    void ordinaryMailIsQuiet();
    void utf16_data();
    void utf16();
    void spacesThatDoNotBreak_data();
    void spacesThatDoNotBreak();
    void binaryHasNoLines();
    void tooManyFindingsAreSaid();
    void catastrophicPatternIsSaid();
    void badPatternsAreRefused();
    void pathsDecide();
    void stopwordsAndLines();
    void nearPatternsMustMatch();
    void countsMatter();
    void reasonsAreGiven();
    void anchorsAreLoaded();
    void numbersAreFoundAnywhere();
    void placesAreFoundAnywhere_data();
    void placesAreFoundAnywhere();
    void placesStayApart();
    void anchorsOfOtherRulesAreNotUsed_data();
    void anchorsOfOtherRulesAreNotUsed();
    void stops();
    void deadline();
    void manyThreads();
    void reportsAppend();

private:
    std::shared_ptr<const Scanner> m_scanner;
};

void tst_Scanner::initTestCase() {
    const auto scanner = Scanner::create();
    QVERIFY(scanner);
    m_scanner = *scanner;
}

void tst_Scanner::locates_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<unsigned>("line");
    QTest::addColumn<unsigned>("column");
    const auto row = [](const char *title, const char *before, unsigned line, unsigned column) {
        QTest::newRow(title) << QByteArray(before) + kNino.data() + "\nmore" << line << column;
    };
    row("start", "", 1, 1);
    row("second-line", "a\n  ", 2, 3);
    row("crlf", "a\r\nb ", 2, 3);
    row("umlauts-are-one-character", "Grüße für ", 1, 11);
    row("emoji-is-one-character", "🎉 ", 1, 3);
    row("umlauts-on-another-line", "Grüße\nx ", 2, 3);
    row("byte-order-mark-is-none", "\xEF\xBB\xBFx ", 1, 3);
}

void tst_Scanner::locates() {
    QFETCH(QByteArray, text);
    QFETCH(unsigned, line);
    QFETCH(unsigned, column);
    const auto report = m_scanner->scanBytes(text.toStdString(), "note.txt", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1});
    const auto &location = report->findings[0].location;
    QCOMPARE(location.source, std::string("note.txt"));
    QVERIFY(location.part.empty());
    QCOMPARE(location.line, line);
    QCOMPARE(location.column, column);
}

void tst_Scanner::findsOnceOnBlockBorders() {
    constexpr std::size_t kBlock = std::size_t{1024} * 1024;
    for (const std::size_t before : {kBlock - 9, kBlock - 4, kBlock, kBlock - 1000}) {
        std::string text(before, ' ');
        text += kNino;
        text += std::string(5000, ' ');
        const auto report = m_scanner->scanBytes(text, "x", soon(), {});
        QVERIFY(report);
        QCOMPARE(report->findings.size(), std::size_t{1});
        QCOMPARE(report->findings[0].location.column, static_cast<std::uint32_t>(before + 1));
    }
}

void tst_Scanner::mostSpecificWins() {
    const std::string token = std::string("ghp_") + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xL3rU6";
    const auto report =
        m_scanner->scanText("api_token = \"" + token + "\"\nsecret_key=" + token, "body");
    QCOMPARE(report.findings.size(), std::size_t{2});
    for (const auto &finding : report.findings) {
        QCOMPARE(finding.kind, std::string("github-token"));
    }
}

void tst_Scanner::excerptsAreRedacted() {
    const auto report = m_scanner->scanText(
        "The password is Tr4fficCone-And-More. Card 4539 1488 0343 6467, " + std::string(kNino),
        "body");
    QCOMPARE(report.findings.size(), std::size_t{3});
    QCOMPARE(report.findings[0].excerpt, std::string("Tr4f… (21 characters)"));
    for (const auto &finding : report.findings) {
        QVERIFY(finding.excerpt.find("fficCone") == std::string::npos);
        QVERIFY(finding.excerpt.find("1488") == std::string::npos);
        QVERIFY(finding.excerpt.find("1037") == std::string::npos);
        QCOMPARE(finding.location.source, std::string("body"));
    }
}

void tst_Scanner::minimums() {
    const auto minimum = [&](std::string_view text) {
        const auto report = m_scanner->scanText(text, "subject");
        return report.findings.size() == 1 ? toString(report.findings[0].minimumClassification)
                                           : "not one";
    };
    QCOMPARE(minimum("TOP SECRET // STRAP"), std::string_view("TOP SECRET"));
    QCOMPARE(minimum("SECRET: transfer of prisoners"), std::string_view("SECRET"));
    QCOMPARE(minimum("OFFICIAL-SENSITIVE: bail"), std::string_view("OFFICIAL-SENSITIVE"));
    QCOMPARE(minimum(kNino), std::string_view("OFFICIAL-SENSITIVE"));
    QCOMPARE(m_scanner->scanText("SECRET: x", "s").findings.at(0).excerpt, std::string("SECRET"));
}

void tst_Scanner::contextRaisesConfidence() {
    const auto confidence = [&](const std::string &text) {
        const auto report = m_scanner->scanText(text, "body");
        return report.findings.empty() ? Confidence::Low : report.findings[0].confidence;
    };
    QVERIFY(confidence(std::string(kNino)) == Confidence::Medium);
    QVERIFY(confidence("NI number " + std::string(kNino)) == Confidence::High);
    QVERIFY(confidence("running " + std::string(kNino)) == Confidence::Medium); // "ni" in no word
}

void tst_Scanner::tableHeaderIsContext() {
    std::string table = "name,nhs_number\n";
    for (int i = 0; i < 20; ++i) {
        table += "Somebody With A Rather Long Name,unknown\n";
    }
    const auto report = m_scanner->scanText(table + "Jo,9434765919\n", "body");
    QCOMPARE(report.findings.size(), std::size_t{1});
    QCOMPARE(report.findings[0].kind, std::string("nhs-number"));
}

void tst_Scanner::ordinaryMailIsQuiet() {
    const auto report = m_scanner->scanText(
        "Dear colleague,\n\nthe password policy is attached; please reset your password by Friday "
        "and keep it secret. The hearing on 12/03/2026 at 10:00 is in court 4; ring 020 7946 0000 "
        "or 07700 900123. Order 1234567890, ISBN 978-0-306-40615-7, commit "
        "9fceb02d0ae598e95dc970b74767f19372d61af8, id 550e8400-e29b-41d4-a716-446655440000.\n"
        "It is a top secret recipe. password: ********, token: ${TOKEN}, AKIAIOSFODNN7EXAMPLE\n"
        "https://www.gov.uk/government/publications?page=2&sort=asc\n",
        "body");
    QVERIFY2(report.findings.empty(),
             report.findings.empty() ? "" : report.findings[0].kind.c_str());
    QVERIFY(report.skipped.empty());
}

void tst_Scanner::utf16_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto encode = [](QStringConverter::Encoding encoding, bool mark) {
        QStringEncoder encoder(encoding, mark ? QStringConverter::Flag::WriteBom
                                              : QStringConverter::Flag::Default);
        QByteArray bytes = encoder(QStringLiteral("first line\nGrüße, JG103759A"));
        return bytes;
    };
    QTest::newRow("little-endian-mark") << encode(QStringConverter::Utf16LE, true);
    QTest::newRow("big-endian-mark") << encode(QStringConverter::Utf16BE, true);
    QTest::newRow("little-endian-bare") << encode(QStringConverter::Utf16LE, false);
    QTest::newRow("big-endian-bare") << encode(QStringConverter::Utf16BE, false);
}

void tst_Scanner::utf16() {
    QFETCH(QByteArray, bytes);
    const auto report = m_scanner->scanBytes(bytes.toStdString(), "w.txt", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].location.line, 2U);
    QCOMPARE(report->findings[0].location.column, 8U);
}

void tst_Scanner::spacesThatDoNotBreak_data() {
    QTest::addColumn<QString>("number");
    QTest::newRow("no-break space") << QStringLiteral("943\u00A0476\u00A05919");
    QTest::newRow("narrow no-break space") << QStringLiteral("943\u202F476\u202F5919");
    QTest::newRow("figure space") << QStringLiteral("943\u2007476\u20075919");
    QTest::newRow("non-breaking hyphen") << QStringLiteral("943\u2011476\u20115919");
}

//! Each is one character, as the plain one: what stands behind it is where it was.
void tst_Scanner::spacesThatDoNotBreak() {
    QFETCH(QString, number);
    const auto line = QStringLiteral("caf\u00E9\u00A0\u2013\u2009NHS\u00A0number ") + number;
    const auto bytes = (QStringLiteral("Re: x\n") + line + u'\n').toStdString();
    for (const auto &report : {m_scanner->scanText(bytes, "body"),
                               m_scanner->scanBytes(bytes, "a.txt", soon(), {}).value()}) {
        QCOMPARE(report.findings.size(), 1U);
        const auto &finding = report.findings.front();
        QCOMPARE(finding.kind, std::string("nhs-number"));
        QCOMPARE(finding.location.line, 2U);
        QCOMPARE(finding.location.column, static_cast<std::uint32_t>(line.indexOf(number)) + 1);
        QCOMPARE(finding.location.length, static_cast<std::uint32_t>(number.size()));
    }
}

void tst_Scanner::binaryHasNoLines() {
    std::string bytes("\x7F"
                      "ELF\0\0\n\n",
                      8);
    bytes += std::string(100, '\xFF') + " " + std::string(kNino) + " \xC3";
    const auto report = m_scanner->scanBytes(bytes, "program", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].location.line, 0U);
}

void tst_Scanner::tooManyFindingsAreSaid() {
    std::string text;
    for (int i = 0; i < 3'000; ++i) {
        text += std::string(kNino) + '\n';
    }
    const auto report = m_scanner->scanBytes(text, "list", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1'000});
    QCOMPARE(report->skipped.size(), std::size_t{1});
    QCOMPARE(report->skipped[0].why, std::string("too-many-findings"));
}

void tst_Scanner::catastrophicPatternIsSaid() {
    const auto matcher = Matcher::create(*RuleSet::from({ruleFor("start", "start(a+)+$")}));
    QVERIFY(matcher);
    const auto report = matcher->match("start" + std::string(900, 'a') + "!", "x", {soon(), {}});
    QVERIFY(report);
    QVERIFY(report->findings.empty());
    QVERIFY(!report->gaveUp.empty());
}

void tst_Scanner::badPatternsAreRefused() {
    for (const auto &rule : {ruleFor("a", "(a"), ruleFor("(a", "a")}) {
        const auto matcher = Matcher::create(*RuleSet::from({rule}));
        QVERIFY(!matcher);
        QCOMPARE(matcher.error().code, std::string("scan.rules"));
    }
    auto noGroup = ruleFor("a", "(a)");
    noGroup.secretGroup = 2;
    QVERIFY(!Matcher::create(*RuleSet::from({noGroup})));
}

void tst_Scanner::pathsDecide() {
    auto rule = ruleFor("hush", "hush");
    rule.path = R"((^|/)\.env$)";
    rule.allowPath = {"^tests/"};
    auto file = ruleFor({}, {});
    file.id = "file";
    file.path = "id_rsa$";
    const auto matcher = Matcher::create(*RuleSet::from({rule, file}));
    QVERIFY(matcher);
    const auto count = [&](std::string_view path) {
        return matcher->match("hush", path, {soon(), {}})->findings.size();
    };
    QCOMPARE(count("a/.env"), std::size_t{1});
    QCOMPARE(count("a/x.env"), std::size_t{0});
    QCOMPARE(count("tests/.env"), std::size_t{0});
    QCOMPARE(matcher->matchPath("home/id_rsa").size(), std::size_t{1});
    QCOMPARE(matcher->matchPath("home/id_rsa").at(0).kind, std::string("file"));
    QVERIFY(matcher->matchPath("home/.env").empty());
}

void tst_Scanner::stopwordsAndLines() {
    auto rule = ruleFor("key=", "key=(\\w+)");
    rule.secretGroup = 1;
    rule.stopwords = {"example"};
    rule.allowLine = {"nosec"};
    rule.allowMatch = {"^key=aaa"};
    const auto matcher = Matcher::create(*RuleSet::from({rule}));
    QVERIFY(matcher);
    const auto report = matcher->match("key=MyExample1\nkey=b1b2 nosec\nkey=aaa1\nkey=c3c4\nnosec",
                                       "x", {soon(), {}});
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].location.line, 4U);
}

void tst_Scanner::nearPatternsMustMatch() {
    auto rule = ruleFor("born", "born (\\d+)");
    rule.near = {R"((?i)\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b)"};
    rule.distance = 40;
    const auto matcher = Matcher::create(*RuleSet::from({rule}));
    QVERIFY(matcher);
    const auto count = [&](const std::string &text) {
        return matcher->match(text, "x", {soon(), {}})->findings.size();
    };
    QCOMPARE(count("born 1970, lives at M1 2AB"), std::size_t{1});
    QCOMPARE(count("born 1970, lives far away"), std::size_t{0});
    QCOMPARE(count("born 1970" + std::string(60, '.') + "M1 2AB"), std::size_t{0});
}

void tst_Scanner::countsMatter() {
    auto rule = ruleFor("@", "\\w+@\\w+");
    rule.leastCount = 3;
    const auto matcher = Matcher::create(*RuleSet::from({rule}));
    QVERIFY(matcher);
    QVERIFY(matcher->match("a@x b@x b@x b@x", "x", {soon(), {}})->findings.empty());
    const auto many = matcher->match("\na@x b@x c@x", "x", {soon(), {}});
    QCOMPARE(many->findings.size(), std::size_t{1});
    QCOMPARE(many->findings[0].location.line, 2U);
    QCOMPARE(many->findings[0].because, (std::vector<std::string>{"shape", "count: 3"}));
}

void tst_Scanner::reasonsAreGiven() {
    auto rule = ruleFor("pin", "pin (\\w+)");
    rule.secretGroup = 1;
    rule.entropy = 1.5;
    rule.context = {"card"};
    rule.title = "a card's PIN";
    rule.nextStep = "tell-by-phone";
    const auto matcher = Matcher::create(*RuleSet::from({rule}));
    QVERIFY(matcher);
    const auto report = matcher->match("pin 4821 for the card", "x", {soon(), {}});
    QCOMPARE(report->findings.size(), std::size_t{1});
    const auto &finding = report->findings[0];
    QCOMPARE(finding.because, (std::vector<std::string>{"shape", "random", "near: card"}));
    QCOMPARE(finding.title, std::string("a card's PIN"));
    QCOMPARE(finding.nextStep, std::string("tell-by-phone"));
    QVERIFY(finding.confidence == Confidence::High);
}

void tst_Scanner::anchorsAreLoaded() {
    const std::vector<Anchor> anchors = {{"one"}, {"two"}, {"\\d{8}", AnchorPlace::Numbers}};
    const auto bytes = Prefilter::compile(anchors)->serialised(anchors);
    QVERIFY(bytes);
    const auto hits = Prefilter::load(anchors, *bytes)->hits("a two");
    QVERIFY(hits && hits->size() == 1);
    QCOMPARE(hits->at(0).rule, 1U);
    QCOMPARE(hits->at(0).last, std::size_t{5});
}

void tst_Scanner::numbersAreFoundAnywhere() {
    const auto prefilter =
        Prefilter::compile({{"one"}, {"\\d{3} \\d{3} \\d{4}", AnchorPlace::LongNumbers}});
    QVERIFY(prefilter);
    for (std::size_t before = 0; before < 200; ++before) {
        for (const std::size_t after : {0, 1, 40, 300}) {
            const auto text = std::string(before, 'x') + "943 476 5919" + std::string(after, '\n');
            const auto hits = prefilter->hits(text);
            QVERIFY(hits && hits->size() == 1);
            QCOMPARE(hits->at(0).rule, 1U);
            QCOMPARE(hits->at(0).last, before + 12);
        }
    }
    QVERIFY(prefilter->hits("1 2 3" + std::string(100, '/') + ":;0")->empty());
}

void tst_Scanner::placesAreFoundAnywhere_data() {
    QTest::addColumn<int>("place");
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](AnchorPlace place, const char *pattern, const char *text) {
        QTest::newRow(text) << static_cast<int>(place) << QByteArray(pattern) << QByteArray(text);
    };
    row(AnchorPlace::Numbers, "\\d\\d.\\d\\d.\\d\\d", "12-34/56");
    row(AnchorPlace::Numbers, "[A-Z]{2}\\d{2} [A-Z]{4} \\d{4}", "GB29 NWBK 601613");
    row(AnchorPlace::LongNumbers, "\\d{3} \\d{3} \\d{4}", "943 476 5919");
    row(AnchorPlace::Codes, "[A-Z]\\d{4}[A-Z]{2}", "A1234BC");
    row(AnchorPlace::Codes, "\\d\\d/\\d[A-Z]", "12/1A");
    row(AnchorPlace::Hex, "[0-9a-f]{24}", "abcdefabcdefabcdef1bcdef");
    row(AnchorPlace::Hex, "key.{40}[0-9a-f]{32}",
        "key........................................abcdefabcdefabcdef1bcdefabcdef22");
    row(AnchorPlace::Capitals, "[A-Z0-9]{5}-[A-Z0-9]{5}", "ABCDE-FGHIJ-KLMN1-OPQRS-T");
}

void tst_Scanner::placesAreFoundAnywhere() {
    QFETCH(int, place);
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, text);
    const auto prefilter =
        Prefilter::compile({{pattern.toStdString(), static_cast<AnchorPlace>(place)}});
    QVERIFY(prefilter);
    for (std::size_t before = 0; before < 100; ++before) {
        for (const std::size_t after : {0, 1, 40, 300}) {
            const auto all =
                std::string(before, ' ') + text.toStdString() + std::string(after, '\n');
            const auto hits = prefilter->hits(all);
            QVERIFY2(hits && hits->size() == 1, all.c_str());
            QVERIFY(hits->at(0).first > before &&
                    hits->at(0).last <= before + static_cast<std::size_t>(text.size()));
        }
    }
}

//! Pieces of a text that are searched together stay apart.
void tst_Scanner::placesStayApart() {
    const auto prefilter = Prefilter::compile({{"\\d{9}", AnchorPlace::Numbers}});
    QVERIFY(prefilter);
    QVERIFY(prefilter->hits("12345" + std::string(400, ' ') + "6789 ")->empty());
    QCOMPARE(prefilter->hits("123456" + std::string(400, ' ') + "123456789")->at(0).last,
             std::size_t{415});
}

void tst_Scanner::anchorsOfOtherRulesAreNotUsed_data() {
    QTest::addColumn<QByteArray>("bytes");
    const std::vector<Anchor> others = {{"other"}};
    const auto bytes = QByteArray::fromStdString(*Prefilter::compile(others)->serialised(others));
    const std::vector<Anchor> same = {{"one"}};
    auto damaged = QByteArray::fromStdString(*Prefilter::compile(same)->serialised(same));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("other-anchors") << bytes;
    QTest::newRow("cut-short") << damaged.left(damaged.size() / 2);
    damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
    QTest::newRow("damaged") << damaged;
}

void tst_Scanner::anchorsOfOtherRulesAreNotUsed() {
    QFETCH(QByteArray, bytes);
    const auto prefilter = Prefilter::load({{"one"}}, bytes.toStdString());
    QVERIFY(prefilter);
    QCOMPARE(prefilter->hits("one other")->size(), std::size_t{1});
}

void tst_Scanner::stops() {
    std::stop_source source;
    source.request_stop();
    const auto report = m_scanner->scanBytes("text", "x", soon(), source.get_token());
    QVERIFY(!report);
    QCOMPARE(report.error().code, std::string("scan.stopped"));
    QCOMPARE(report.error().reaction, Reaction::Retry);
}

void tst_Scanner::deadline() {
    const auto report =
        m_scanner->scanBytes("text", "x", Deadline::after(std::chrono::milliseconds(0)), {});
    QVERIFY(!report);
    QCOMPARE(report.error().code, std::string("scan.deadline"));
    QCOMPARE(report.error().reaction, Reaction::Retry);
}

void tst_Scanner::manyThreads() {
    std::atomic<int> good = 0;
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 100; ++round) {
                const auto report = m_scanner->scanText(
                    "NI number JG103759A\nthe password is Tr4fficCone\nAuthorization: Bearer "
                    "q8Xb1ZpN4vT7mK2cR9wY5s",
                    "body");
                good += report.findings.size() == 3 ? 1 : 0;
            }
        });
    }
    threads.clear();
    QCOMPARE(good.load(), 400);
}

void tst_Scanner::reportsAppend() {
    auto first = m_scanner->scanText(kNino, "a");
    first.append(m_scanner->scanText(kNino, "b"));
    QCOMPARE(first.findings.size(), std::size_t{2});
    QCOMPARE(first.findings[1].location.source, std::string("b"));
    QCOMPARE(first.items, std::uint64_t{2});
    QCOMPARE(first.bytes, ByteCount{2 * kNino.size()});
}

QTEST_APPLESS_MAIN(tst_Scanner)
#include "tst_Scanner.moc"
