// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"
#include "scan/Scanner.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;

namespace {

constexpr const char *kGitleaks = R"(
title = "ours"
[[rules]]
id = "ministry-token"
description = "Ministry token"
regex = '''(?i)\bmoj_([a-z0-9]{12})\b'''
entropy = 2.5
keywords = ["MOJ_"]
tags = ["key"]
[[rules.allowlists]]
stopwords = ["example"]
regexes = ['^0{12}$']
[[rules.allowlists]]
regexTarget = "line"
regexes = ["nosec"]
[[rules]]
id = "jwt"
description = "clashes with a built-in id"
regex = "clash-[0-9]{6}"
secretGroup = 0
path = '\.conf$'
[[rules]]
id = "key-file"
description = "Key file"
path = '''(^|/)ministry\.key$'''
[[allowlists]]
targetRules = ["jwt"]
paths = ["^docs/"]
)";

} // namespace

class tst_OwnRules : public QObject {
    Q_OBJECT

private slots:
    void init();
    void gitleaksRules();
    void allowLists();
    void allowTogether();
    void patternsOfGo();
    void catastrophicPath();
    void pathsAndKeywords();
    void ourFormat();
    void notSupportedIsNamed_data();
    void notSupportedIsNamed();
    void filesAreChecked();
    void compilingIsKept();
    void catastrophicRegexIsNamedAndBounded();

private:
    std::string write(const char *name, const QByteArray &content) const {
        QFile file(m_folder->filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
            return {};
        }
        return file.fileName().toStdString();
    }
    std::shared_ptr<const Scanner> scanner(const std::string &file) const {
        const auto made = Scanner::create({{}, {file}, m_folder->path().toStdString()});
        return made ? *made : nullptr;
    }
    static std::vector<Finding> found(const Scanner &scanner, std::string_view text,
                                      std::string_view name = "x.txt") {
        const auto report =
            scanner.scanBytes(text, name, Deadline::after(std::chrono::seconds(30)), {});
        return report ? report->findings : std::vector<Finding>(99);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_OwnRules::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void tst_OwnRules::gitleaksRules() {
    const auto with = scanner(write("r.toml", kGitleaks));
    QVERIFY(with);
    const auto findings = found(*with, "a\nkey MOJ_a1b2c3d4e5f6 and JG103759A");
    QCOMPARE(findings.size(), std::size_t{2});
    QCOMPARE(findings[0].kind, std::string("ministry-token"));
    QCOMPARE(findings[0].title, std::string("Ministry token"));
    QCOMPARE(findings[0].location.line, 2U);
    QCOMPARE(findings[0].location.column, 9U); // the first group is the secret
    QCOMPARE(findings[1].kind, std::string("national-insurance-number"));
}

void tst_OwnRules::allowLists() {
    const auto with = scanner(write("r.toml", kGitleaks));
    QVERIFY(with);
    QCOMPARE(found(*with, "moj_a1b2c3d4e5f6").size(), std::size_t{1});
    QCOMPARE(found(*with, "moj_a1b2Example6").size(), std::size_t{0}); // a stop word
    QCOMPARE(found(*with, "moj_000000000000").size(), std::size_t{0}); // a pattern
    QCOMPARE(found(*with, "moj_aaaaaaaaaaab").size(), std::size_t{0}); // not random
    QCOMPARE(found(*with, "moj_a1b2c3d4e5f6 # nosec").size(), std::size_t{0});
}

void tst_OwnRules::pathsAndKeywords() {
    const auto with = scanner(write("r.toml", kGitleaks));
    QVERIFY(with);
    QCOMPARE(found(*with, "clash-123456", "a.conf").at(0).kind, std::string("own-jwt"));
    QCOMPARE(found(*with, "clash-123456", "a.txt").size(), std::size_t{0});
    QCOMPARE(found(*with, "clash-123456", "docs/a.conf").size(), std::size_t{0});
    QCOMPARE(found(*with, "anything", "ministry.key").at(0).kind, std::string("key-file"));
    const auto strict =
        scanner(write("k.toml", "[[rules]]\nid='k'\nregex='k-[0-9]{4}'\nkeywords=['Wanted']\n"));
    QVERIFY(strict);
    QCOMPARE(found(*strict, "k-1234").size(), std::size_t{0});
    QCOMPARE(found(*strict, "k-1234 is WANTED").size(), std::size_t{1});
}

//! condition = "AND": each kind that the list has must agree.
void tst_OwnRules::allowTogether() {
    const auto with = scanner(write("r.toml", R"(
[extend]
useDefault = true
[[rules]]
id = "ticket"
regex = 'ticket-([a-z0-9]{8})'
[[rules.allowlists]]
condition = "AND"
paths = ['\.md$']
stopwords = ["abc"]
regexes = ['^ticket-']
regexTarget = "match"
[[allowlists]]
condition = "&&"
paths = ['^drafts/']
regexes = ['sample']
regexTarget = "line"
)"));
    QVERIFY(with);
    const auto count = [&](const char *text, const char *name) {
        return found(*with, text, name).size();
    };
    QCOMPARE(count("ticket-1abc5678", "a.md"), std::size_t{0});
    QCOMPARE(count("ticket-1abc5678", "a.txt"), std::size_t{1}); // another path
    QCOMPARE(count("ticket-12345678", "a.md"), std::size_t{1});  // no stop word
    QCOMPARE(count("a sample ticket-12345678", "drafts/a.txt"), std::size_t{0});
    QCOMPARE(count("a ticket-12345678", "drafts/a.txt"), std::size_t{1});
    QCOMPARE(count("a sample ticket-12345678", "a.txt"), std::size_t{1});
    QCOMPARE(count("JG103759A", "drafts/sample.md"), std::size_t{1}); // the program's own rules
    // What one name gave is not kept for another that means something else.
    QVERIFY(with->meaningOf("a.md") != with->meaningOf("a.txt"));
    QVERIFY(with->meaningOf("drafts/a.txt") != with->meaningOf("a.txt"));
    QCOMPARE(with->meaningOf("b.txt"), with->meaningOf("a.txt"));
}

//! As people write them for Go's RE2; all in one file, since compiling takes its time.
void tst_OwnRules::patternsOfGo() {
    struct Case {
        std::string id;
        std::string text;
        std::string otherText;
    };
    std::vector<Case> cases;
    QByteArray rules;
    const auto add = [&](const char *id, const char *regex, const char *text,
                         const char *otherText) {
        rules += QByteArray("[[rules]]\nid='go-") + id + "'\nregex='''" + regex + "'''\n";
        cases.push_back({std::string("go-") + id, text, otherText});
    };
    add("flag-in-the-middle", R"(\b(zq8e-(?i)[a-z0-9]{8})(?:['"\s;]|\\[nr]|$))", "zq8e-ABCD1234;",
        "ZQ8E-ABCD1234;");
    add("flag-of-a-group", R"((?i)\bzq(?-i:KEY)_[a-z]{8}\b)", "ZqKEY_ABCDefgh", "zqkey_abcdefgh");
    add("backtick-by-number", R"(zqkey[\x60'"]{1}([0-9]{6})[\x60'"])", "zqkey`123456`",
        "zqkey-123456-");
    add("named-group", R"(zqkey=(?P<secret>[0-9]{6}))", "zqkey=123456", "zqkey=12345");
    add("ends-of-the-text", R"((?:^|\s)zqkey-[0-9]{6}(?:$|\s))", "zqkey-123456", "zqkey-1234567");
    add("classes", R"(zqkey-[[:alnum:]]{4}-\pL{2})", "zqkey-a1b2-cd", "zqkey-a1b2-12");
    add("lines", R"((?m)^zqkey: [0-9]{6}$)", "a\nzqkey: 123456\nb", "a\n zqkey: 123456\nb");
    add("any-line", R"((?s)zqbegin.{1,9}zqend)", "zqbegin\n1\nzqend", "zqbegin\n1234567890\nzqend");
    add("lazy",
        R"([\w.-]{0,50}?(?:zqmaker)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=)"
        R"(|:)['"\s=]{0,5}([a-z0-9]{8})(?:['"\s;]|$))",
        "my.zqmaker_key = \"abcd1234\"", "my.zqmaker_key is abcd1234");
    add("end-of-the-text", R"(zqlast-[0-9]{6}\z)", "zqlast-123456", "zqlast-123456\n");
    const auto with = scanner(write("r.toml", rules));
    QVERIFY(with);
    const auto has = [&](const std::string &text, const std::string &id) {
        const auto findings = found(*with, text);
        return std::any_of(findings.begin(), findings.end(),
                           [&](const Finding &finding) { return finding.kind == id; });
    };
    for (const auto &one : cases) {
        QVERIFY2(has(one.text, one.id), one.id.c_str());
        QVERIFY2(!has(one.otherText, one.id), one.id.c_str());
    }
}

//! Also where a path decides: what can't be told counts as one that the rule is for.
void tst_OwnRules::catastrophicPath() {
    const auto with = scanner(write("r.toml", "[[rules]]\nid='p'\npath='^(a+)+!(?<=b!)'\n"));
    QVERIFY(with);
    QElapsedTimer timer;
    timer.start();
    std::string longRun(4'000, 'a');
    longRun.push_back('!');
    QCOMPARE(found(*with, "x", longRun).size(), std::size_t{1});
    QVERIFY(timer.elapsed() < 5'000);
}

void tst_OwnRules::ourFormat() {
    const auto with =
        scanner(write("o.toml", "[[rule]]\nid='case'\ntitle='case number'\nanchor='CASE-'\n"
                                "regex='CASE-\\d{5}'\ncategory='personal-data'\n"));
    QVERIFY(with);
    const auto findings = found(*with, "see CASE-12345");
    QCOMPARE(findings.size(), std::size_t{1});
    QVERIFY(findings[0].category == Category::PersonalData);
    QCOMPARE(findings[0].title, std::string("case number"));
}

void tst_OwnRules::notSupportedIsNamed_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char *title, const char *toml, const char *detail) {
        QTest::newRow(title) << QByteArray(toml) << QByteArray(detail);
    };
    row("extend", "[extend]\npath = 'x.toml'\n", "r.toml:2:8: not supported: extend.path");
    row("disabled", "[extend]\nuseDefault = true\ndisabledRules = ['x']\n",
        "r.toml:3:17: not supported: extend.disabledRules");
    row("default", "[extend]\nuseDefault = 'yes'\n", "r.toml:2:14: neither true nor false");
    row("unknown-key", "[[rules]]\nid='a'\nregex='ab'\nskipReport = true\n",
        "r.toml:4:14: not supported: skipReport");
    row("commits", "[[rules]]\nid='a'\nregex='ab'\n[[rules.allowlists]]\ncommits=['x']\n",
        "r.toml:5:9: not supported: commits");
    row("condition",
        "[[rules]]\nid='a'\nregex='ab'\n[[rules.allowlists]]\ncondition='XOR'\n"
        "paths=['x']\nregexes=['y']\n",
        "r.toml:5:11: not supported: condition xor");
    row("allows-nothing", "[[allowlists]]\ncondition='AND'\n", "r.toml:1:1: an allow list needs");
    row("bad-path", "[[rules]]\nid='a'\npath='(a'\n", "r.toml:3:6: missing closing");
    row("bad-allowed-path", "[allowlist]\npaths=['a',\n '(b']\n", "r.toml:3:2: missing closing");
    row("bad-allowed", "[allowlist]\nregexes=['a', '(b']\n", "r.toml:2:15: missing closing");
    row("no-group-of-go", "[[rules]]\nid='a'\nregex='a(?P<n>b)(?P<n>c)'\n", "r.toml:3:7: a: ");
    row("target", "[allowlist]\nregexTarget='commit'\n", "r.toml:2:13: not supported: regexTarget");
    row("bad-regex", "[[rules]]\nid='a'\nregex='(a'\n", "r.toml:3:7: a: missing closing");
    row("regex-of-nothing", "[[rules]]\nid='a'\nregex='a*'\n", "r.toml:3:7: a: matches where");
    row("no-such-group", "[[rules]]\nid='a'\nregex='ab'\nsecretGroup=1\n", "a: no such group");
    row("incomplete", "[[rules]]\nid='a'\n", "r.toml:1:1: id is required");
    row("twice", "[[rules]]\nid='a'\nregex='ab'\n[[rules]]\nid='a'\nregex='cd'\n",
        "r.toml:4:1: id twice: a");
    row("wrong-type", "[[rules]]\nid=1\n", "r.toml:2:4: no text");
    row("entropy", "[[rules]]\nid='a'\nregex='ab'\nentropy=99\n", "r.toml:4:9: no number");
    row("syntax", "[[rules]\n", "r.toml:1:");
}

void tst_OwnRules::notSupportedIsNamed() {
    QFETCH(QByteArray, toml);
    QFETCH(QByteArray, detail);
    const auto rules = parseOwnRules(toml.toStdString(), "r.toml");
    QVERIFY(!rules);
    QCOMPARE(rules.error().code, std::string("scan.rules"));
    QVERIFY(rules.error().reaction == Reaction::AskAdmin);
    QVERIFY2(rules.error().logSafeDetail.find(detail.toStdString()) != std::string::npos,
             rules.error().logSafeDetail.c_str());
}

void tst_OwnRules::filesAreChecked() {
    for (const auto &path : {std::string("rules.toml"), m_folder->path().toStdString(),
                             m_folder->filePath(QStringLiteral("none")).toStdString(),
                             write("bad.toml", "[[rules]]\n")}) {
        const auto made = Scanner::create({{}, {path}, {}});
        QVERIFY2(!made, path.c_str());
        QCOMPARE(made.error().code, std::string("scan.rules"));
        QCOMPARE(made.error().subject, path);
    }
}

void tst_OwnRules::compilingIsKept() {
    const auto file = write("r.toml", kGitleaks);
    QVERIFY(scanner(file));
    const auto cache = m_folder->filePath(QStringLiteral("scan-anchors.hsdb"));
    QFile kept(cache);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    const auto first = kept.readAll();
    kept.close();
    QVERIFY(scanner(file));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), first);
    kept.close();
    // What is kept for other rules, or is damaged, is made anew.
    QVERIFY(kept.open(QIODevice::WriteOnly));
    kept.write(first.left(first.size() / 2));
    kept.close();
    const auto with = scanner(file);
    QVERIFY(with);
    QCOMPARE(found(*with, "moj_a1b2c3d4e5f6").size(), std::size_t{1});
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), first);
}

void tst_OwnRules::catastrophicRegexIsNamedAndBounded() {
    const auto with =
        scanner(write("c.toml", "[[rules]]\nid='trap'\nregex='start(a+)+!(?<=b!)'\n"));
    QVERIFY(with);
    std::string text;
    for (int i = 0; i < 2'000; ++i) {
        text += "start" + std::string(500, 'a') + "!1\n";
    }
    text += "JG103759A";
    QElapsedTimer timer;
    timer.start();
    const auto report =
        with->scanBytes(text, "x.txt", Deadline::after(std::chrono::minutes(2)), {});
    QVERIFY(report);
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    const auto said = std::any_of(report->skipped.begin(), report->skipped.end(), [](auto &one) {
        return one.why == "rule-gave-up" && one.detail == "trap" && one.path == "x.txt";
    });
    QVERIFY(said);
    QVERIFY(!report->findings.empty()); // the other rules go on
}

QTEST_GUILESS_MAIN(tst_OwnRules)
#include "tst_OwnRules.moc"
