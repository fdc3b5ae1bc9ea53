// SPDX-License-Identifier: GPL-3.0-or-later
// Where a text has numbers, codes and runs, against the same said plainly.
#include "scan/TextRegions.h"
#include "scan/WordBits.h"

#include <QTest>
#include <algorithm>
#include <functional>
#include <random>
#include <utility>

using namespace sealpost::scan;

namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isCapital(char c) {
    return c >= 'A' && c <= 'Z';
}
bool isHexLetter(char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool isJoint(char c) {
    return c == ' ' || c == '.' || c == '-' || c == '/';
}
bool isPrintable(char c) {
    return (c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r';
}
bool isBase64(char c) {
    return isDigit(c) || isCapital(c) || (c >= 'a' && c <= 'z') ||
           std::string_view("+/-_").find(c) != std::string_view::npos;
}

//! A byte for each of the text: whether it belongs to what a place has, without what is around it.
using Marks = std::vector<bool>;

//! Calls `each` for every longest run of bytes that are `of` it.
void eachRun(std::size_t size, const std::function<bool(std::size_t)> &of,
             const std::function<void(std::size_t, std::size_t)> &each) {
    for (std::size_t from = 0; from < size; ++from) {
        auto to = from;
        while (to < size && of(to)) {
            ++to;
        }
        if (to > from) {
            each(from, to);
            from = to;
        }
    }
}

void mark(Marks &marks, std::size_t from, std::size_t to) {
    std::fill(marks.begin() + static_cast<std::ptrdiff_t>(from),
              marks.begin() + static_cast<std::ptrdiff_t>(to), true);
}

Marks expected(const std::string &text, AnchorPlace place) {
    Marks marks(text.size());
    const auto digits = [&](std::size_t from, std::size_t to) {
        return std::count_if(text.begin() + static_cast<std::ptrdiff_t>(from),
                             text.begin() + static_cast<std::ptrdiff_t>(to), isDigit);
    };
    if (place == AnchorPlace::Numbers || place == AnchorPlace::LongNumbers) {
        const auto ofNumber = [&](std::size_t i) {
            return isDigit(text[i]) || (i > 0 && i + 1 < text.size() && isJoint(text[i]) &&
                                        isDigit(text[i - 1]) && isDigit(text[i + 1]));
        };
        eachRun(text.size(), ofNumber, [&](auto from, auto to) {
            if (digits(from, to) >= (place == AnchorPlace::Numbers ? 6 : 10)) {
                mark(marks, from, to);
            }
        });
    } else if (place == AnchorPlace::Codes) {
        for (std::size_t i = 1; i < text.size(); ++i) {
            const auto from = i - std::min<std::size_t>(i, 8);
            if (isCapital(text[i]) && isDigit(text[i - 1]) && digits(from, i) >= 3) {
                mark(marks, from, i + 1);
            }
        }
    } else if (place == AnchorPlace::Addresses) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            marks[i] = text[i] == '@';
        }
    } else {
        const auto ofRun = [&](std::size_t i) {
            return isDigit(text[i]) || text[i] == '-' ||
                   (place == AnchorPlace::Hex ? isHexLetter(text[i]) : isCapital(text[i]));
        };
        eachRun(text.size(), ofRun, [&](auto from, auto to) {
            if (to - from >= 24 && digits(from, to) > 0) {
                mark(marks, from, to);
            }
        });
    }
    return marks;
}

//! What a list of regions says of each byte, where it should have so many more bytes.
Marks widened(const Marks &marks, std::size_t before, std::size_t behind) {
    Marks wide(marks.size());
    eachRun(
        marks.size(), [&](std::size_t i) { return marks[i]; },
        [&](auto from, auto to) {
            mark(wide, from - std::min(from, before), std::min(to + behind, marks.size()));
        });
    return wide;
}

//! Texts of words, numbers, rulers and runs, of any length around the borders of words of 64 bytes.
std::string madeText(std::mt19937 &random) {
    static constexpr std::array<std::string_view, 9> kAlphabets = {
        "0123456789",
        "0123456789ABCDEFabcdef-",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-",
        "0123 456.-/",
        "ABCXYZ",
        "-",
        "ABCDEFabcdef-",
        "ABCDEF",
        "words, \n"};
    std::string text;
    const auto size = random() % 900;
    const auto longest = random() % 2 == 0 ? 40U : 200U; // whole words without a digit
    while (text.size() < size) {
        if (random() % 3 == 0) {
            const auto &alphabet = kAlphabets.at(random() % kAlphabets.size());
            for (auto i = random() % longest; i > 0; --i) {
                text += alphabet[random() % alphabet.size()];
            }
        } else {
            constexpr std::string_view kAny = "0123456789 .-/ABZabz,\n_+@\xC3";
            text += kAny[random() % kAny.size()];
        }
    }
    return text;
}

} // namespace

class tst_TextRegions : public QObject {
    Q_OBJECT

private slots:
    void places_data();
    void places();
    void withoutAvx2();
    void longRuns();
};

void tst_TextRegions::places_data() {
    QTest::addColumn<AnchorPlace>("place");
    QTest::addColumn<std::size_t>("before");
    QTest::addColumn<std::size_t>("behind");
    QTest::newRow("numbers") << AnchorPlace::Numbers << std::size_t{24} << std::size_t{8};
    QTest::newRow("long-numbers") << AnchorPlace::LongNumbers << std::size_t{24} << std::size_t{8};
    QTest::newRow("codes") << AnchorPlace::Codes << std::size_t{24} << std::size_t{8};
    QTest::newRow("hex") << AnchorPlace::Hex << std::size_t{64} << std::size_t{64};
    QTest::newRow("capitals") << AnchorPlace::Capitals << std::size_t{64} << std::size_t{64};
    QTest::newRow("addresses") << AnchorPlace::Addresses << std::size_t{8} << std::size_t{8};
}

void tst_TextRegions::places() {
    QFETCH(AnchorPlace, place);
    QFETCH(std::size_t, before);
    QFETCH(std::size_t, behind);
    std::mt19937 random(7);
    std::size_t marked = 0;
    for (int i = 0; i < 4000; ++i) {
        const auto text = madeText(random);
        Marks found(text.size());
        auto regions = textRegions(text);
        for (const auto &region : regions.in(place)) {
            mark(found, region.from, region.to);
            ++marked;
        }
        if (found != widened(expected(text, place), before, behind)) {
            QFAIL(
                ("differs for " + QByteArray::fromStdString(text).toPercentEncoding()).constData());
        }
    }
    QVERIFY2(marked > 500, "too few to say anything");
}

void tst_TextRegions::withoutAvx2() {
    std::mt19937 random(8);
    for (int i = 0; i < 1000; ++i) {
        auto text = madeText(random);
        text.resize(128, ' ');
        std::array<WordBits, 2> best;
        std::array<WordBits, 2> plain;
        readWords(text.data(), 2, best.data());
        readWordsPlainly(text.data(), 2, plain.data());
        std::array<Bits, 2> base64{};
        std::array<Bits, 2> plainBase64{};
        readBase64Words(text.data(), 2, base64.data());
        readBase64WordsPlainly(text.data(), 2, plainBase64.data());
        QCOMPARE(base64, plainBase64);
        std::array<Bits, 2> printable{};
        std::array<Bits, 2> plainPrintable{};
        readPrintableWords(text.data(), 2, printable.data());
        readPrintableWordsPlainly(text.data(), 2, plainPrintable.data());
        QCOMPARE(printable, plainPrintable);
        const bool plainText = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
        const auto size = random() % 129;
        QCOMPARE(isAscii(text.substr(0, size)), isAsciiPlainly(text.substr(0, size)));
        QCOMPARE(isAscii(text), plainText);
        for (std::size_t byte = 0; byte < text.size(); ++byte) {
            const auto bit = [&](Bits bits) { return (bits >> byte % 64 & 1U) != 0; };
            QCOMPARE(bit(base64.at(byte / 64)), isBase64(text[byte]));
            QCOMPARE(bit(printable.at(byte / 64)), isPrintable(text[byte]));
            QCOMPARE(bit(plain.at(byte / 64).digits), isDigit(text[byte]));
        }
        for (std::size_t word = 0; word < 2; ++word) {
            QCOMPARE(best.at(word).digits, plain.at(word).digits);
            QCOMPARE(best.at(word).joints, plain.at(word).joints);
            QCOMPARE(best.at(word).capitals, plain.at(word).capitals);
            QCOMPARE(best.at(word).atSigns, plain.at(word).atSigns);
            QCOMPARE(best.at(word).ofHex, plain.at(word).ofHex);
            QCOMPARE(best.at(word).ofCapitals, plain.at(word).ofCapitals);
        }
    }
}

//! Runs over the borders of words, and over whole words.
//! Against the same said plainly.
template <unsigned kLeast> void compareRuns(std::mt19937 &random) {
    using Runs = std::vector<std::pair<std::size_t, std::size_t>>;
    for (int i = 0; i < 4000; ++i) {
        std::array<Bits, 5> words{}; // the last ends what is open
        const auto longest = random() % 2 == 0 ? 150U : 40U;
        const auto longestGap = random() % 2 == 0 ? 70U : 4U;
        Marks marks(256);
        for (std::size_t at = random() % 80; at < 256;) {
            const auto to = std::min<std::size_t>(256, at + 1 + random() % longest);
            mark(marks, at, to);
            at = to + 1 + random() % longestGap;
        }
        for (std::size_t at = 0; at < 256; ++at) {
            words.at(at / 64) |= (marks[at] ? Bits{1} : Bits{0}) << at % 64;
        }
        Runs wanted;
        eachRun(
            256, [&](std::size_t at) { return marks[at]; },
            [&](auto from, auto to) {
                if (to - from >= kLeast) {
                    wanted.emplace_back(from, to);
                }
            });
        Runs found;
        LongRuns<kLeast> runs;
        for (std::size_t word = 0; word < words.size(); ++word) {
            runs.feed(word * 64, words.at(word),
                      [&](auto from, auto to) { found.emplace_back(from, to); });
        }
        QCOMPARE(found, wanted);
    }
}

void tst_TextRegions::longRuns() {
    std::mt19937 random(9);
    compareRuns<6>(random);
    compareRuns<24>(random);
    compareRuns<32>(random);
}

QTEST_APPLESS_MAIN(tst_TextRegions)
#include "tst_TextRegions.moc"
