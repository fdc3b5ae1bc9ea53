// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"
#include "scan/Scanner.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using namespace sealpost;
using namespace sealpost::scan;

namespace {

std::string described(const ScanReport &report) {
    std::string all;
    for (const auto &one : report.findings) {
        all += one.kind + ' ' + one.location.source + ' ' + std::to_string(one.location.line) +
               ':' + std::to_string(one.location.column) + '+' +
               std::to_string(one.location.length) + ' ' + std::string(toString(one.confidence)) +
               ' ' + one.excerpt;
        for (const auto &because : one.because) {
            all += " [" + because + ']';
        }
        all += ' ' + QByteArray::fromStdString(one.digest).toHex().toStdString() + '\n';
    }
    for (const auto &one : report.skipped) {
        all += "skipped " + one.path + ' ' + one.why + ' ' + one.detail + '\n';
    }
    return all;
}

//! Random texts of what rules are about, and random changes to them.
class Writer {
public:
    explicit Writer(quint32 seed) : m_random(seed) {
        const auto rules = RuleSet::builtIn();
        for (const auto &rule : rules ? rules->rules() : std::vector<Rule>()) {
            for (const auto *examples : {&rule.matches, &rule.quiet}) {
                for (const auto &example : *examples) {
                    m_pieces.push_back(
                        QByteArray::fromStdString(example).replace("¦", "").toStdString());
                }
            }
        }
    }

    std::size_t number(std::size_t below) {
        return m_random.bounded(static_cast<quint32>(below == 0 ? 1 : below));
    }

    std::string prose(std::size_t bytes) {
        static const std::vector<std::string> kWords = {
            "the",  "password", "hearing",          "on",    "court",  "reference", "is",
            "key",  "NHS",      "number",           "café",  "𝔘nit",   "for",       "please",
            "12",   "user",     "jo@court.example", "token", "agenda", "and",       "2026",
            "born", "PIN"};
        std::string text;
        while (text.size() < bytes) {
            text += kWords[number(kWords.size())];
            text += number(12) == 0 ? "\n" : number(30) == 0 ? ", " : " ";
        }
        return text;
    }

    std::string text(std::size_t bytes) {
        std::string all = prose(60);
        while (all.size() < bytes) {
            all += number(3) == 0 ? piece() + "\n" : prose(400);
        }
        return all;
    }

    std::string piece() { return m_pieces[number(m_pieces.size())]; }

    //! One keystroke, a paste, a cut, or half of a secret.
    std::string edited(std::string text) {
        const auto at = number(text.size() + 1);
        switch (number(6)) {
        case 0:
            return text.insert(at, 1, "aZ 9=:\n"[number(7)]);
        case 1:
            return text.erase(at, number(3) + 1);
        case 2:
            return text.insert(at, piece());
        case 3: {
            const auto one = piece();
            return text.insert(at, one.substr(0, number(one.size())));
        }
        case 4:
            return text.erase(at, number(500));
        default:
            return text.replace(at, std::min(number(80), text.size() - at), prose(number(80)));
        }
    }

private:
    QRandomGenerator m_random;
    std::vector<std::string> m_pieces;
};

} // namespace

class tst_LiveText : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void equalsAFullScan_data();
    void equalsAFullScan();
    void startsFromAnyText();
    void countsAcrossTheWholeText();
    void tableHeaderReachesEverywhere();
    void tooManyFindingsAreSaid();
    void unbrokenRunsOfMatches();
    void ownRulesWithKeywords();
    void looksOnlyAroundAKeystroke();

private:
    //! Both scans of each version; the number of those that looked at a part alone.
    void compare(LiveText &live, const std::string &text);

    std::shared_ptr<const Scanner> m_scanner;
    int m_parts = 0;
};

void tst_LiveText::initTestCase() {
    auto scanner = Scanner::create();
    QVERIFY(scanner);
    m_scanner = *scanner;
}

void tst_LiveText::compare(LiveText &live, const std::string &text) {
    const auto part = m_scanner->scanText(text, "body", live);
    const auto whole = m_scanner->scanText(text, "body");
    QCOMPARE(QString::fromStdString(described(part)), QString::fromStdString(described(whole)));
    QCOMPARE(part.bytes, whole.bytes);
    m_parts += live.looked() < text.size() ? 1 : 0;
}

void tst_LiveText::equalsAFullScan_data() {
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 4; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void tst_LiveText::equalsAFullScan() {
    QFETCH(quint32, seed);
    constexpr int kEdits = 60;
    Writer writer(seed);
    LiveText live;
    // A line without a separator first: no table.
    auto text = "Dear colleague\n" + writer.text(100'000);
    compare(live, text);
    m_parts = 0;
    for (int i = 0; i < kEdits && !QTest::currentTestFailed(); ++i) {
        text = writer.edited(std::move(text));
        compare(live, text);
    }
    QVERIFY2(m_parts > kEdits * 3 / 4, qPrintable(QString::number(m_parts)));
}

void tst_LiveText::startsFromAnyText() {
    LiveText live;
    Writer writer(77);
    const auto letter = writer.text(60'000);
    for (const auto &text : {std::string(), std::string("x"), letter, std::string(),
                             letter.substr(0, 30'000), letter, letter + letter, letter, letter}) {
        compare(live, text);
    }
}

void tst_LiveText::countsAcrossTheWholeText() {
    LiveText live;
    auto filler = Writer(9).prose(60'000);
    std::replace(filler.begin(), filler.end(), '@', '-');
    const auto list = [](int from, int to) {
        std::string lines;
        for (int i = from; i < to; ++i) {
            lines += "person" + std::to_string(i) + "@mail" + std::to_string(i % 5) + ".org.uk\n";
        }
        return lines;
    };
    const auto found = [&](const std::string &text) {
        for (const auto &one : m_scanner->scanText(text, "body", live).findings) {
            if (one.kind == "bulk-email-addresses") {
                return one.because.back();
            }
        }
        return std::string("none");
    };
    auto text = "Dear all\n" + list(0, 10) + filler + list(10, 19);
    compare(live, text);
    QCOMPARE(found(text), std::string("none"));
    text += list(19, 20);
    compare(live, text);
    QCOMPARE(found(text), std::string("count: 20"));
    text.insert(9, "moved\n");
    compare(live, text);
    text.insert(9, list(20, 21));
    compare(live, text);
    QCOMPARE(found(text), std::string("count: 21"));
    text.erase(text.find("person12@"), 20);
    compare(live, text);
    QCOMPARE(found(text), std::string("count: 20"));
    text.erase(text.find("person3@"), 20);
    compare(live, text);
    QCOMPARE(found(text), std::string("none"));
}

void tst_LiveText::tableHeaderReachesEverywhere() {
    LiveText live;
    std::string rows = "\n";
    for (int i = 0; i < 3'000; ++i) {
        rows += "Somebody With A Long Name,unknown\n";
    }
    rows += "Jo,9434765919\n";
    for (const auto *header : {"name,number", "name,nhs_number", "name nhs_number", "name,x"}) {
        compare(live, header + rows);
    }
}

void tst_LiveText::tooManyFindingsAreSaid() {
    LiveText live;
    std::string text = "Dear colleague\n";
    for (int i = 0; i < 999; ++i) {
        text += "the quick brown fox jumps over the lazy dog, JG103759A\n";
    }
    for (int i = 0; i < 4; ++i) {
        compare(live, text);
        text.insert(text.size() / 2, "\nJG103759A\n");
    }
    compare(live, text);
    compare(live, text.substr(0, text.size() / 2));
}

//! Where one match ends and the next begins depends on all before.
void tst_LiveText::unbrokenRunsOfMatches() {
    LiveText live;
    std::string text = "Dear colleague\n";
    for (int i = 0; i < 4'000; ++i) {
        text += "password=password=hunter" + std::to_string(i % 7) + "=";
    }
    compare(live, text);
    for (std::size_t at = 100; at < text.size() && !QTest::currentTestFailed(); at += 9'973) {
        text.insert(at, at % 2 == 0 ? "p" : " ");
        compare(live, text);
    }
}

void tst_LiveText::ownRulesWithKeywords() {
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("own.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[[rules]]\nid = \"own-ticket\"\ndescription = \"Ticket\"\n"
               "regex = '''\\bTK-[0-9]{6}\\b'''\nkeywords = [\"vault\"]\n");
    file.close();
    const auto scanner = Scanner::create(ScannerOptions{{}, {file.fileName().toStdString()}, {}});
    QVERIFY2(scanner, scanner ? "" : scanner.error().logSafeDetail.c_str());
    LiveText live;
    const auto filler = Writer(5).prose(50'000);
    for (const auto *word : {"vaul", "vault", "vaults", "vaul"}) {
        const auto text = "Hello\n" + filler + word + filler + "TK-123456\n";
        const auto part = (*scanner)->scanText(text, "body", live);
        QCOMPARE(QString::fromStdString(described(part)),
                 QString::fromStdString(described((*scanner)->scanText(text, "body"))));
    }
}

void tst_LiveText::looksOnlyAroundAKeystroke() {
    constexpr std::size_t kBody = std::size_t{1024} * 1024;
    LiveText live;
    Writer writer(3);
    auto text = "Dear colleague\n" + writer.prose(kBody);
    compare(live, text);
    QCOMPARE(live.looked(), ByteCount(text.size()));
    for (const auto at : {std::size_t{500}, text.size() / 2, text.size()}) {
        text.insert(at, "x");
        compare(live, text);
        QVERIFY2(live.looked() < kBody / 20, qPrintable(QString::number(live.looked())));
    }
}

QTEST_GUILESS_MAIN(tst_LiveText)
#include "tst_LiveText.moc"
