// SPDX-License-Identifier: GPL-3.0-or-later
// RTF, as files and as Outlook compresses it, and what Office embeds.
#include "scan/CompressedRtf.h"
#include "scan/PackagedFile.h"
#include "scan/RichText.h"
#include "scan/Scanner.h"

#include "support/HandMadeCompound.h"
#include "support/HandMadeRichText.h"
#include "support/Packed.h"
#include "support/Scanned.h"

#include <QTest>
#include <random>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "NI number JG103759A\n";

} // namespace

class tst_RichText : public QObject {
    Q_OBJECT

private slots:
    void texts_data();
    void texts();
    void asides();
    void htmlInside();
    void objects();
    void tooManyObjects();
    void deepGroups();
    void decompression();
    void brokenCompression();
    void files_data();
    void files();
    void embeddedFiles();
    void messageBodies();
    void brokenBytes();
};

void tst_RichText::texts_data() {
    QTest::addColumn<QByteArray>("rtf");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *title, const char *rtf, const char *text) {
        QTest::newRow(title) << QByteArray(rtf) << QString::fromUtf8(text);
    };
    row("runs", R"({\rtf1 The {\b NI num}{\i ber} JG10{\b0\f1 37}59A})", "The NI number JG103759A");
    row("line-ends-mean-nothing", "{\\rtf1 one\r\ntwo\\par three\\line four}",
        "onetwo\nthree\nfour");
    row("cells", R"({\rtf1 Password\cell Tulip\cell\row})", "Password\tTulip\t\n");
    row("bytes", R"({\rtf1\ansi \'a35 caf\'e9 \'80})", "£5 café €");
    row("unicode", R"({\rtf1 a\u8217 ?b\u-3913 ?c\uc0\u233 d{\uc2\u233 ??e}\u233 f})",
        "a’b\uF0B7céd\u00e9e\u00e9f");
    row("two-halves", R"({\rtf1 \u-10179 ?\u-8704 ?!})", "😀!");
    row("signs", R"({\rtf1 \{a\}\\b\~c\_d\-e\emdash f})", "{a}\\b c-de—f");
    row("unclosed", R"({\rtf1 {\b one {two)", "one two");
    row("closed-too-often", R"({\rtf1 one}}} two)", "one two");
    row("at-the-end", "{\\rtf1 one\\", "one");
    row("half-a-byte", "{\\rtf1 one\\'e", "onee");
}

void tst_RichText::texts() {
    QFETCH(QByteArray, rtf);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(readRichText(rtf.toStdString()).text), text);
}

//! What is not shown in its place doesn't part what is, and is there to be read.
void tst_RichText::asides() {
    const auto rich = readRichText(
        R"({\rtf1{\fonttbl{\f0 Arial;}}{\info{\title Pay}{\author Jo}}JG10{\*\bkmkstart here}37)"
        R"({\field{\*\fldinst HYPERLINK "https://{\b example}.org/"}{\fldrslt 59}}A)"
        R"({\header Top}{\footnote one\par two}})");
    QCOMPARE(rich.text, std::string("JG103759A"));
    QCOMPARE(rich.aside,
             std::string("Arial;\nPay\nJo\nhere\nHYPERLINK \"https://example.org/\"\nTop\n"
                         "one\ntwo\n"));
}

//! MS-OXRTFEX: tags in parts of their own, and RTF for those who can't read them.
void tst_RichText::htmlInside() {
    const auto rich = readRichText(
        R"({\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\b \htmlrtf0 NI number JG10)"
        R"({\*\htmltag84 <b>}\htmlrtf SHADOW\htmlrtf0 3759A{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0)"
        R"({\*\htmltag72 </p>}})");
    QCOMPARE(rich.text, std::string("<p>NI number JG10<b>3759A</b></p>"));
    QVERIFY(rich.aside.find("SHADOW") != std::string::npos);
}

void tst_RichText::objects() {
    const auto package = richObject("Package", packagedFile("C:\\a\\notes.txt", kSecret));
    const auto rich = readRichText(
        "{\\rtf1 a{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata " + hexadecimal(package) +
        "}{\\result b}}{\\*\\shppict{\\pict{\\*\\picprop x}"
        "\\pngblip 8950\r\n4E 47}}{\\pict\\bin4 }{\\\\}c}");
    QCOMPARE(rich.text, std::string("abc"));
    QCOMPARE(rich.objects, (std::vector<std::string>{kSecret, "\x89PNG", "}{\\\\"}));
    const auto other = readRichText("{\\rtf1{\\*\\objdata " +
                                    hexadecimal(richObject("Excel.Sheet.8", "anything")) + "}}");
    QCOMPARE(other.objects, std::vector<std::string>{"anything"});
}

void tst_RichText::tooManyObjects() {
    std::string rtf = "{\\rtf1";
    for (int i = 0; i < 20'000; ++i) {
        rtf += "\\bin1 x";
    }
    const auto rich = readRichText(rtf);
    QVERIFY(rich.tooMany && rich.objects.size() < 20'000);
}

void tst_RichText::deepGroups() {
    const std::string open(1'000'000, '{');
    const std::string closed(1'000'000, '}');
    QCOMPARE(readRichText("{\\rtf1 " + open + "one" + closed + "two}").text, std::string("onetwo"));
}

void tst_RichText::decompression() {
    //= MS-OXRTFCP §4.1
    const auto known = decompressRtf(QByteArray::fromHex("2d0000002b0000004c5a4675f1c5c7a703000a00"
                                                         "726370673132354232"
                                                         "0af32068656c090020627705b06c647d0a800fa0")
                                         .toStdString());
    QVERIFY(known.whole);
    QCOMPARE(known.text, std::string("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"));
    //= MS-OXRTFCP §4.2: what reads what it writes
    const auto again =
        decompressRtf(QByteArray::fromHex("1a0000001c0000004c5a4675e2d44b51410004205758"
                                          "595a0d6e7d010eb0")
                          .toStdString());
    QVERIFY(again.whole);
    QCOMPARE(again.text, std::string("{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"));
    for (const std::string text : {"", "{\\rtf1 a}", "{\\rtf1 a longer text than that}"}) {
        const auto back = decompressRtf(compressedRtf(text));
        QVERIFY(back.whole);
        QCOMPARE(back.text, text);
    }
    const auto plain = decompressRtf(uncompressedRtf("{\\rtf1 b}"));
    QVERIFY(plain.whole);
    QCOMPARE(plain.text, std::string("{\\rtf1 b}"));
}

void tst_RichText::brokenCompression() {
    const auto whole = compressedRtf("{\\rtf1 " + kSecret + "}");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        QVERIFY(!decompressRtf(whole.substr(0, size)).whole);
    }
    QVERIFY(!decompressRtf(uncompressedRtf("abc").substr(0, 17)).whole);
    auto unknown = whole;
    unknown.replace(8, 4, "LZFx");
    QVERIFY(!decompressRtf(unknown).whole);
}

void tst_RichText::files_data() {
    QTest::addColumn<QByteArray>("rtf");
    QTest::addColumn<QStringList>("kinds");
    const auto row = [](const char *title, const std::string &rtf, const QStringList &kinds) {
        QTest::newRow(title) << QByteArray::fromStdString(rtf) << kinds;
    };
    const auto number = QStringLiteral("national-insurance-number@");
    row("runs", R"({\rtf1 The NI num{\b ber} JG10{\i 37}59A})", {number});
    row("comment", R"({\rtf1 x{\*\annotation NI number JG103759A}})",
        {number + QStringLiteral("other text")});
    const auto archive = packed(zip, {{"in.txt", kSecret}});
    row("archive-inside",
        "{\\rtf1{\\object\\objemb{\\*\\objdata " +
            hexadecimal(richObject("Package", packagedFile("a.zip", archive))) + "}}}",
        {number + QStringLiteral("object 1/in.txt")});
}

void tst_RichText::files() {
    QFETCH(QByteArray, rtf);
    QFETCH(QStringList, kinds);
    for (const char *name : {"a.rtf", "a.doc", "a.txt"}) {
        const auto report = scanned(rtf.toStdString(), name);
        QCOMPARE(found(report), kinds);
        QCOMPARE(skipped(report), QStringList());
    }
    QVERIFY(
        found(scanned(rtf.toStdString(), "a.pdf")).contains(QStringLiteral("misleading-name@")));
}

//! A file that somebody dragged into a document.
void tst_RichText::embeddedFiles() {
    HandMadeCompound object;
    const auto archive = packed(zip, {{"in.txt", kSecret}});
    object.add("\1Ole10Native", nativeStream(packagedFile("C:\\Users\\jo\\keys.zip", archive)));
    object.add("\1CompObj", "Package");
    const auto document = packed(zip, {{"[Content_Types].xml", "<Types/>"},
                                       {"word/embeddings/oleObject1.bin", object.bytes()}});
    const auto report = scanned(document, "a.docx");
    QCOMPARE(found(report), QStringList{QStringLiteral("national-insurance-number@word/embeddings/"
                                                       "oleObject1.bin/keys.zip/in.txt")});
    QCOMPARE(skipped(report), QStringList());

    HandMadeCompound old; // a document of Word 97, whose own text is another matter
    old.add("WordDocument", std::string(100, '\1'));
    old.add("ObjectPool/_1/Package", archive);
    const auto oldReport = scanned(old.bytes(), "a.doc");
    QCOMPARE(found(oldReport),
             QStringList{QStringLiteral("national-insurance-number@ObjectPool/_1/Package/in.txt")});
    QCOMPARE(skipped(oldReport), QStringList{QStringLiteral("a.doc: not-supported")});
}

//! Outlook shows the one in RTF: it is read where there are others too, and says nothing twice.
void tst_RichText::messageBodies() {
    HandMadeCompound message;
    message.add("__properties_version1.0", std::string(32, '\0'));
    message.add("__substg1.0_10090102",
                compressedRtf(R"({\rtf1 NI number JG103{\b 759A}\par Password: Tr4fficCone})"));
    QCOMPARE(found(scanned(message.bytes(), "a.msg")),
             (QStringList{QStringLiteral("national-insurance-number@body.rtf"),
                          QStringLiteral("prose-password@body.rtf")}));
    message.add("__substg1.0_1000001E", kSecret);
    const auto both = scanned(message.bytes(), "a.msg");
    QCOMPARE(found(both), (QStringList{QStringLiteral("national-insurance-number@body"),
                                       QStringLiteral("prose-password@body.rtf")}));
    QCOMPARE(skipped(both), QStringList());
}

//! Any bytes in place of any others: it ends, and reads nothing that is not there.
void tst_RichText::brokenBytes() {
    const auto whole =
        "{\\rtf1\\fromhtml1{\\*\\htmltag <p>}\\htmlrtf{\\uc1\\u233 ?\\'e9\\bin3 abc{\\pict 00ff}"
        "{\\*\\objdata " +
        hexadecimal(richObject("Package", packagedFile("a", kSecret))) + "}}}";
    std::mt19937 random(11);
    for (int i = 0; i < 5000; ++i) {
        auto bytes = i % 2 == 0 ? whole : compressedRtf(whole);
        for (auto changes = random() % 6 + 1; changes > 0; --changes) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        bytes.resize(random() % 4 == 0 ? random() % bytes.size() : bytes.size());
        const auto rtf = i % 2 == 0 ? bytes : decompressRtf(bytes).text;
        const auto rich = readRichText(rtf);
        QVERIFY(rich.text.size() + rich.aside.size() <= 3 * rtf.size());
    }
}

QTEST_GUILESS_MAIN(tst_RichText)
#include "tst_RichText.moc"
