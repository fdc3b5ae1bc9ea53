// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "support/Scanned.h"

#include <QByteArray>
#include <QFile>
#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "the password is Tr4velling-Otter-77";
const std::string kFirstHalf = "ghp_k7Qx2VbNz9RtYp4LmW";
const std::string kSecondHalf = "8sHd3FgJc6Ea1UoXiB";

std::string compressed(const std::string &bytes) {
    return qCompress(QByteArray::fromStdString(bytes)).mid(4).toStdString(); // without Qt's length
}

std::string stream(const std::string &content, const std::string &more = {}) {
    const auto data = compressed(content);
    return "<</Filter/FlateDecode/Length " + std::to_string(data.size()) + more + ">>stream\n" +
           data + "\nendstream";
}

std::string drawing(const std::string &text) {
    return stream("BT /F1 12 Tf 72 720 Td " + text + " Tj ET");
}

//! A document of one page, its objects in the order of their numbers; readers mend the missing
//! table of references. Objects from 6 on are the caller's.
std::string pdf(const std::string &more = {}, const std::string &catalog = {},
                const std::string &page = {}, const std::string &drawn = "(Hello there)") {
    return "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + catalog +
           ">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R" +
           page + "/Resources<</Font<</F1 5 0 R>>/XObject<</I 7 0 R>>>>>>endobj\n4 0 obj" +
           drawing(drawn) +
           "endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n" + more +
           "trailer<</Root 1 0 R/Size 9>>\nstartxref\n7\n%%EOF\n";
}

//! Objects packed together, as most programs write them (ISO 32000-1, 7.5.7).
std::string packedObject(const std::string &object) {
    return "8 0 obj" + stream("6 0 " + object, "/Type/ObjStm/N 1/First 4") + "endobj\n";
}

std::uint32_t number(const std::string &bytes, qsizetype at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value =
            value << 8U | static_cast<unsigned char>(bytes.at(static_cast<std::size_t>(at) + i));
    }
    return value;
}

//! A PNG of one channel as a PDF holds it: the same compressed lines.
std::string pictureObject(const std::string &png) {
    const auto at = png.find("IDAT");
    const auto data = png.substr(at + 4, number(png, static_cast<qsizetype>(at) - 4));
    const auto width = std::to_string(number(png, 16));
    const auto bits = std::to_string(static_cast<int>(png.at(24)));
    return "7 0 obj<</Type/XObject/Subtype/Image/Width " + width + "/Height " +
           std::to_string(number(png, 20)) + "/BitsPerComponent " + bits +
           "/ColorSpace/DeviceGray/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors "
           "1/Columns " +
           width + "/BitsPerComponent " + bits + ">>/Length " + std::to_string(data.size()) +
           ">>stream\n" + data + "\nendstream endobj\n";
}

} // namespace

//! What a PDF holds beside what its pages show.
class tst_PdfObjects : public QObject {
    Q_OBJECT

private slots:
    void isFound_data();
    void isFound();
    void aFieldHasItsName();
    void drawnPiecesAreJoined();
    void filesThatNothingLists();
    void codesBesideText();
    void sameThingOnce();
    void whatCannotBeReadIsSaid();
    void numbersAreQuiet();
};

void tst_PdfObjects::isFound_data() {
    QTest::addColumn<std::string>("bytes");
    const auto row = [](const char *name, const std::string &bytes) {
        QTest::newRow(name) << bytes;
    };
    row("a comment", pdf(packedObject("<</Subtype/Text/Contents(" + kSecret + ")>>")));
    row("a comment in octal and lines",
        pdf(packedObject("<</Contents(the pass\\167ord is\\nTr4velling\\055Ot\\\nter-77)>>")));
    row("a comment in hexadecimal digits",
        pdf(packedObject("<</Contents<" + QByteArray::fromStdString(kSecret).toHex().toStdString() +
                         ">>>")));
    std::string wide = "FEFF";
    for (const char c : kSecret) {
        wide += "00" + QByteArray(1, c).toHex().toStdString();
    }
    row("a comment in UTF-16", pdf(packedObject("<</Contents<" + wide + ">>>")));
    row("a bookmark", pdf(packedObject("<</Title(" + kSecret + ")/Parent 6 0 R>>")));
    row("a script", pdf("6 0 obj" + stream("app.alert('" + kSecret + "')") + "endobj\n"));
    row("properties in XML",
        pdf("6 0 obj" + stream("<x:xmpmeta>" + kSecret + "</x:xmpmeta>", "/Type/Metadata") +
            "endobj\n"));
    row("a text that no page shows any more",
        pdf("6 0 obj" + drawing("(" + kSecret + ")") + "endobj\n"));
    row("a stream that was cut off",
        pdf().substr(0, pdf().find("trailer")) + "6 0 obj<</Filter/FlateDecode>>stream\n" +
            compressed(kSecret + std::string(4000, ' ')).substr(0, 60));
    row("between objects", pdf("% " + kSecret + "\n"));
    row("behind the end", pdf() + kSecret);
    row("in front", "% " + kSecret + "\n" + pdf());
    row("in a broken file", "%PDF-1.7\n6 0 obj" + drawing("(" + kSecret + ")"));
    row("an earlier version", pdf({}, {}, {}, "(" + kSecret + ")") + "4 0 obj" +
                                  drawing("(Nothing)") + "endobj\nstartxref\n8\n%%EOF\n");
}

void tst_PdfObjects::isFound() {
    QFETCH(std::string, bytes);
    const auto report = scanned(bytes, "a.pdf");
    QCOMPARE(found(report), QStringList{QStringLiteral("prose-password@other text")});
}

void tst_PdfObjects::aFieldHasItsName() {
    QCOMPARE(found(scanned(pdf(packedObject("<</FT/Tx/V(Xk39vTq2)/T(Password)>>")), "a.pdf")),
             QStringList{QStringLiteral("prose-password@other text")});
}

void tst_PdfObjects::drawnPiecesAreJoined() {
    const auto pieces = "[(" + kFirstHalf + ")-20(" + kSecondHalf + ")] TJ ()";
    QCOMPARE(found(scanned(pdf("6 0 obj" + drawing(pieces) + "endobj\n"), "a.pdf")),
             QStringList{QStringLiteral("github-token@other text")});
}

void tst_PdfObjects::filesThatNothingLists() {
    const auto report =
        scanned(pdf("6 0 obj" + stream(kSecret, "/Type/EmbeddedFile") + "endobj\n"), "a.pdf");
    QCOMPARE(found(report), QStringList{QStringLiteral("prose-password@object 2")});
}

void tst_PdfObjects::codesBesideText() {
    QFile file(QStringLiteral(SEALPOST_SOURCE_DIR "/tests/unit/scan/data/otpauth.png"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto bytes = pdf(pictureObject(file.readAll().toStdString()), {}, {},
                           "(Please scan this) Tj ET q 300 0 0 300 100 100 cm /I Do Q BT ()");
    const auto report = scanned(bytes, "a.pdf");
    QCOMPARE(found(report), QStringList{QStringLiteral("otpauth-uri@page 1 QR-Code 1")});
    QCOMPARE(skipped(report), QStringList());
}

void tst_PdfObjects::sameThingOnce() {
    const auto report = scanned(
        pdf(packedObject("<</Contents(" + kSecret + ")>>"), {}, {}, "(" + kSecret + ")"), "a.pdf");
    QCOMPARE(found(report), QStringList{QStringLiteral("prose-password@page 1")});
}

void tst_PdfObjects::whatCannotBeReadIsSaid() {
    // Neither is it compressed as it says, nor is anything known of the other way.
    for (const auto &object :
         {std::string("6 0 obj<</Filter/FlateDecode>>stream\nnothing\nendstream endobj\n"),
          std::string(
              "6 0 obj<</Type/Metadata/Filter/LZWDecode>>stream\nxyz\nendstream endobj\n")}) {
        QCOMPARE(skipped(scanned(pdf(object), "a.pdf")),
                 QStringList{QStringLiteral("a.pdf/other text: not-supported")});
    }
}

//! Tables of places, digests, glyphs, type faces.
void tst_PdfObjects::numbersAreQuiet() {
    const auto bytes =
        pdf("xref\n0 3\n0000000000 65535 f \n9434765919 00000 n \n9434765870 00000 n \n"
            "6 0 obj" +
            stream(kSecret, "/Length1 35") + "endobj\n" +
            packedObject("<</ID[<" + QByteArray(16, '\1').toHex().toStdString() +
                         ">]/Rect[10 20 9434765919 1]>>"));
    const auto report = scanned(bytes, "a.pdf");
    QCOMPARE(found(report), QStringList());
    QCOMPARE(skipped(report), QStringList());
}

QTEST_GUILESS_MAIN(tst_PdfObjects)
#include "tst_PdfObjects.moc"
