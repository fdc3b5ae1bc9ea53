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
    row("extend", "[extend]\nuseDefault = true\n", "r.toml:1:1: not supported: extend");
    row("unknown-key", "[[rules]]\nid='a'\nregex='ab'\nskipReport = true\n",
        "r.toml:4:14: not supported: skipReport");
    row("commits", "[[rules]]\nid='a'\nregex='ab'\n[[rules.allowlists]]\ncommits=['x']\n",
        "r.toml:5:9: not supported: commits");
    row("and",
        "[[rules]]\nid='a'\nregex='ab'\n[[rules.allowlists]]\ncondition='AND'\n"
        "paths=['x']\nregexes=['y']\n",
        "r.toml:4:1: not supported: condition AND");
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
