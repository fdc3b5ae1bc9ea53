// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "support/Packed.h"

#include <QFile>
#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

constexpr const char *kTypes = "[Content_Types].xml";

QByteArray dataFile(const char *name) {
    QFile file(QStringLiteral(SEALPOST_SOURCE_DIR "/tests/unit/scan/data/") +
               QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

//! A PDF of one page; readers mend the missing table of references.
std::string pdfSaying(const std::string &text, const std::string &more = {}) {
    const auto stream = "BT /F1 12 Tf 72 720 Td (" + text + ") Tj ET";
    return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R " + more +
           ">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources"
           "<</Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length " +
           std::to_string(stream.size()) + ">>stream\n" + stream +
           "\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
           "trailer<</Root 1 0 R/Size 6>>\n%%EOF\n";
}

//! A TIFF of nothing but its Exif data (TIFF 6.0 §2, Exif 2.32 §4.6.6).
std::string exifAt(unsigned degrees) {
    std::string tiff("II*\0\x08\0\0\0", 8);
    const auto number = [&](unsigned value, int size) {
        for (int i = 0; i < size; ++i) {
            tiff += static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU);
        }
    };
    const auto entry = [&](unsigned tag, unsigned type, unsigned count, unsigned value) {
        number(tag, 2);
        number(type, 2);
        number(count, 4);
        number(value, 4);
    };
    number(1, 2);
    entry(0x8825, 4, 1, 26); // the GPS directory follows
    number(0, 4);
    number(1, 2);
    entry(2, 5, 3, 44); // GPSLatitude
    number(0, 4);
    for (const unsigned part : {degrees, 1U, 0U, 1U, 0U, 1U}) {
        number(part, 4);
    }
    return tiff;
}

} // namespace

class tst_Documents : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void runsAreJoined();
    void officeParts_data();
    void officeParts();
    void sheetsAreRead();
    void openSpreadsheetIsRead_data();
    void openSpreadsheetIsRead();
    void deletedCellsAreRead();
    void encryptedOpenDocument();
    void mangledXmlIsRead();
    void pdfText();
    void pdfProblemsAreSaid_data();
    void pdfProblemsAreSaid();
    void qrCode();
    void pagesThatArePictures();
    void hugePictureIsRefused();
    void photoLocation();
    void base64_data();
    void base64();
    void base64OfNoise_data();
    void base64OfNoise();
    void base64IsBounded();
    void textInPrograms();
    void wideTextInWindowsPrograms();
    void misleadingName();
    void containerImages_data();
    void containerImages();
    void mailbox();
    void legacyCharset();

private:
    //! "kind@part" of each finding.
    QStringList found(const std::string &bytes, const std::string &name = "x") {
        m_report = {};
        const auto report =
            m_scanner->scanBytes(bytes, name, Deadline::after(std::chrono::seconds(60)), {});
        if (!report) {
            return {QString::fromStdString("failed: " + report.error().code)};
        }
        m_report = *report;
        QStringList all;
        for (const auto &finding : m_report.findings) {
            all += QString::fromStdString(finding.kind + '@' + finding.location.part);
        }
        return all;
    }
    QStringList skipped() const {
        QStringList all;
        for (const auto &one : m_report.skipped) {
            all += QString::fromStdString(one.path + ": " + one.why);
        }
        return all;
    }

    std::shared_ptr<const Scanner> m_scanner;
    ScanReport m_report;
};

void tst_Documents::initTestCase() {
    const auto scanner = Scanner::create();
    QVERIFY(scanner);
    m_scanner = *scanner;
}

void tst_Documents::runsAreJoined() {
    const auto docx = packed(
        zip, {{kTypes, "<Types/>"},
              {"word/document.xml",
               "<?xml version=\"1.0\"?>\n<w:document><w:body>\n <w:p><w:r><w:t>Greetings &amp; "
               "more</w:t></w:r></w:p>\n <w:p><w:r><w:t xml:space=\"preserve\">The number is JG1037"
               "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>59A</w:t></w:r></w:p></w:body>"
               "</w:document>"}});
    QCOMPARE(found(docx, "a.docx"),
             QStringList{QStringLiteral("national-insurance-number@word/document.xml")});
    QCOMPARE(m_report.findings[0].location.line, 2U);
    QCOMPARE(m_report.findings[0].location.column, 15U);
    QVERIFY2(skipped().isEmpty(), qPrintable(skipped().join(QLatin1Char(' '))));
}

void tst_Documents::officeParts_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("xml");
    const auto row = [](const char *path, const char *xml) {
        QTest::newRow(path) << QByteArray(path) << QByteArray(xml);
    };
    row("word/comments.xml", "<w:comment><w:p><w:r><w:t>JG103759A</w:t></w:r></w:p></w:comment>");
    row("word/header1.xml", "<w:hdr><w:p><w:r><w:t>JG10</w:t><w:t>3759A</w:t></w:r></w:p></w:hdr>");
    row("word/footnotes.xml", "<w:p><w:r><w:vanish/><w:t>JG103759A</w:t></w:r></w:p>");
    row("docProps/core.xml", "<cp:p><dc:description>JG103759A</dc:description></cp:p>");
    row("docProps/custom.xml",
        "<P><property name=\"NI\"><vt:lpwstr>JG103759A</vt:lpwstr></property></P>");
    row("ppt/slides/slide1.xml",
        "<a:p><a:r><a:t>JG103</a:t></a:r><a:r><a:t>759A</a:t></a:r></a:p>");
    row("ppt/notesSlides/notesSlide1.xml", "<a:p><a:r><a:t>JG103759A</a:t></a:r></a:p>");
    row("xl/comments1.xml", "<comment ref=\"A1\"><text><t>JG103759A</t></text></comment>");
    row("xl/worksheets/sheet1.xml", "<row><c t=\"inlineStr\"><is><t>JG103759A</t></is></c></row>");
    row("xl/connections.xml", "<connection><dbPr connection=\"NI=JG103759A;\"/></connection>");
    row("content.xml", "<text:p>JG10<text:span>3759A</text:span></text:p>");
    row("meta.xml", "<meta:user-defined meta:name=\"NI\">JG103759A</meta:user-defined>");
    row("customXml/item1.xml", "<a><b>JG103759A</b></a>");
}

void tst_Documents::officeParts() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, xml);
    const auto document = packed(zip, {{kTypes, ""}, {path.toStdString(), xml.toStdString()}});
    QCOMPARE(found(document),
             QStringList{QStringLiteral("national-insurance-number@") + QString::fromLatin1(path)});
}

void tst_Documents::sheetsAreRead() {
    const auto xlsx = packed(
        zip,
        {{kTypes, ""},
         {"xl/workbook.xml", "<workbook><sheets><sheet name=\"Staff\" r:id=\"r1\"/><sheet "
                             "name=\"Pay\" state=\"veryHidden\" r:id=\"r2\"/></sheets></workbook>"},
         {"xl/_rels/workbook.xml.rels",
          "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>"
          "<Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>"},
         {"xl/sharedStrings.xml",
          "<sst><si><t>Name</t></si><si><r><t>JG10</t></r><r><t>3759A</t></r></si></sst>"},
         {"xl/worksheets/sheet1.xml", "<sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData>"},
         {"xl/worksheets/sheet2.xml",
          "<sheetData>\n<row r=\"1\"><c t=\"s\"><v>0</v></c></row>\n"
          "<row r=\"2\"><c><v>7</v></c><c t=\"s\"><v>1</v></c></row></sheetData>"}});
    QCOMPARE(found(xlsx), QStringList{QStringLiteral(
                              "national-insurance-number@xl/worksheets/sheet2.xml Pay (hidden)")});
    QCOMPARE(m_report.findings[0].location.line, 2U);
}

//! What a spreadsheet of LibreOffice does not show at once: a hidden table, row and column, a row
//! that a filter leaves out, a note, a list of a validity check, a header of the printed page.
void tst_Documents::openSpreadsheetIsRead_data() {
    QTest::addColumn<QByteArray>("xml");
    const auto row = [](const char *title, const char *xml) {
        QTest::newRow(title) << QByteArray(xml);
    };
    row("hidden-table",
        "<style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/>"
        "</style:style><table:table table:style-name=\"ta2\"><table:table-row><table:table-cell>"
        "<text:p>JG103759A</text:p></table:table-cell></table:table-row></table:table>");
    row("hidden-row", "<table:table-row table:visibility=\"collapse\"><table:table-cell><text:p>"
                      "JG103759A</text:p></table:table-cell></table:table-row>");
    row("filtered-row", "<table:table-row table:visibility=\"filter\"><table:table-cell><text:p>"
                        "JG103759A</text:p></table:table-cell></table:table-row>");
    row("hidden-column", "<table:table-column table:visibility=\"collapse\"/><table:table-row>"
                         "<table:table-cell><text:p>JG103759A</text:p></table:table-cell>"
                         "</table:table-row>");
    row("annotation",
        "<table:table-row><table:table-cell><office:annotation><dc:creator>Jo</dc:creator>"
        "<text:p>his number is JG10<text:span>3759A</text:span></text:p></office:annotation>"
        "<text:p>7</text:p></table:table-cell></table:table-row>");
    row("tracked-deletion", "<table:tracked-changes><table:cell-content-change><table:previous>"
                            "<table:change-track-table-cell><text:p>JG103759A</text:p>"
                            "</table:change-track-table-cell></table:previous>"
                            "</table:cell-content-change></table:tracked-changes>");
    row("validity", "<table:content-validation table:condition=\"of:cell-content-is-in-list("
                    "&quot;JG103759A&quot;)\"/>");
    row("string-value", "<table:table-row><table:table-cell office:value-type=\"string\" "
                        "office:string-value=\"JG103759A\"/></table:table-row>");
}

void tst_Documents::openSpreadsheetIsRead() {
    QFETCH(QByteArray, xml);
    const auto ods =
        packed(zip, {{kTypes, ""},
                     {"content.xml", "<office:document-content><office:spreadsheet><table:table>"
                                     "<table:table-row><table:table-cell><text:p>Name</text:p>"
                                     "</table:table-cell></table:table-row></table:table>" +
                                         xml.toStdString() +
                                         "</office:spreadsheet></office:document-content>"}});
    QCOMPARE(found(ods, "a.ods"),
             QStringList{QStringLiteral("national-insurance-number@content.xml")});
}

void tst_Documents::deletedCellsAreRead() {
    const auto xlsx = packed(
        zip, {{kTypes, ""},
              {"xl/sharedStrings.xml", "<sst><si><t>kept</t></si><si><t>JG103759A</t></si></sst>"},
              {"xl/worksheets/sheet1.xml", "<row><c t=\"s\"><v>0</v></c></row>"}});
    QCOMPARE(found(xlsx),
             QStringList{QStringLiteral("national-insurance-number@xl/sharedStrings.xml")});
}

void tst_Documents::encryptedOpenDocument() {
    const auto odt =
        packed(zip, {{kTypes, ""},
                     {"content.xml", std::string(100, '\xA5')},
                     {"META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/>"
                                               "</manifest:file-entry>"}});
    QCOMPARE(found(odt, "a.odt"), QStringList{QStringLiteral("encrypted-document@")});
    QCOMPARE(skipped(), QStringList{QStringLiteral("a.odt: encrypted")});
}

void tst_Documents::mangledXmlIsRead() {
    for (const char *xml : {"<w:p><w:t>JG103759A", "<w:p <w:t>JG103759A</w:q></", "JG103759A<",
                            "<!-- JG103759A", "<!-->JG103759A", "<![CDATA[JG103759A]]>",
                            "<a>&#74;G103759A&bad;</a>", "<a b='>'>JG103759A</a>"}) {
        const auto document = packed(zip, {{kTypes, ""}, {"word/document.xml", xml}});
        QVERIFY2(found(document).size() == 1, xml);
    }
}

void tst_Documents::pdfText() {
    QCOMPARE(found(pdfSaying("NI number JG103759A"), "a.pdf"),
             QStringList{QStringLiteral("national-insurance-number@page 1")});
    QVERIFY2(skipped().isEmpty(), qPrintable(skipped().join(QLatin1Char(' '))));
}

void tst_Documents::pdfProblemsAreSaid_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("why");
    QTest::newRow("mark-alone") << QByteArray("%PDF-1.7\n") << QStringLiteral("pdf-damaged");
    QTest::newRow("garbage") << QByteArray("%PDF-1.7\n") + QByteArray(5'000, '\x80')
                             << QStringLiteral("pdf-damaged");
    QTest::newRow("no-text") << QByteArray::fromStdString(pdfSaying(" "))
                             << QStringLiteral("no-text");
    // A tree of pages that is its own child, with a count to wait for.
    QTest::newRow("pages-in-a-circle")
        << QByteArray("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/"
                      "Kids[2 0 R]/Count 99999999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")
        << QString();
}

void tst_Documents::pdfProblemsAreSaid() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, why);
    QCOMPARE(found(bytes.toStdString(), "a.pdf"), QStringList());
    QVERIFY(!skipped().isEmpty());
    QVERIFY2(why.isEmpty() || skipped().contains(QStringLiteral("a.pdf: ") + why),
             qPrintable(skipped().join(QLatin1Char(' '))));
}

void tst_Documents::qrCode() {
    const auto picture = dataFile("otpauth.png");
    QVERIFY(!picture.isEmpty());
    QCOMPARE(found(picture.toStdString(), "otpauth.png"),
             QStringList{QStringLiteral("otpauth-uri@QR-Code 1")});
    QVERIFY2(skipped().isEmpty(), qPrintable(skipped().join(QLatin1Char(' '))));
}

//! A letter with a code on its second page, and an empty third one.
void tst_Documents::pagesThatArePictures() {
    const auto pdf = dataFile("letter-with-code.pdf");
    QVERIFY(!pdf.isEmpty());
    QCOMPARE(found(pdf.toStdString(), "a.pdf"),
             QStringList{QStringLiteral("otpauth-uri@page 2 QR-Code 1")});
    QCOMPARE(skipped(), QStringList{QStringLiteral("a.pdf/page 2: no-text")});
}

void tst_Documents::hugePictureIsRefused() {
    QCOMPARE(found(dataFile("30000x30000.png").toStdString(), "big.png"), QStringList());
    QCOMPARE(skipped(), QStringList{QStringLiteral("big.png: image-too-large")});
}

void tst_Documents::photoLocation() {
    QCOMPARE(found("\xFF\xD8\xFF\xE1" + std::string("\0\x60", 2) + "Exif" + std::string(2, '\0') +
                       exifAt(51),
                   "a.jpg"),
             QStringList{QStringLiteral("photo-location@")});
    QVERIFY(found(exifAt(0), "a.tif").isEmpty()); // a camera without a fix
    const auto whole = exifAt(51);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        QVERIFY(!found(whole.substr(0, std::min<std::size_t>(size, 44)), "a")
                     .contains(QStringLiteral("photo-location@")));
    }
}

void tst_Documents::base64_data() {
    QTest::addColumn<QByteArray>("text");
    const QByteArray secret("Please note that the NI number is JG103759A, as agreed on Monday.");
    const auto once = secret.toBase64();
    QTest::newRow("one-line") << "data: " + once + "\n";
    QTest::newRow("url-alphabet") << "x=" + secret.toBase64(QByteArray::Base64UrlEncoding |
                                                            QByteArray::OmitTrailingEquals);
    QTest::newRow("lines") << once.left(40) + "\r\n" + once.mid(40, 40) + "\r\n" + once.mid(80);
    QTest::newRow("indented") << once.left(44) + "\n    " + once.mid(44) + "\n";
    QTest::newRow("twice") << once.toBase64();
    QTest::newRow("utf16") << QByteArray::fromRawData(
                                  reinterpret_cast<const char *>(
                                      u"The NI number is JG103759A, as agreed."),
                                  76)
                                  .toBase64();
    QTest::newRow("zip")
        << QByteArray::fromStdString(packed(zip, {{"n", secret.toStdString()}})).toBase64();
}

void tst_Documents::base64() {
    QFETCH(QByteArray, text);
    const auto all = found("first line\n" + text.toStdString(), "notes");
    QCOMPARE(all.size(), 1);
    QVERIFY2(all.at(0).startsWith(QStringLiteral("national-insurance-number@base64 in line 2")),
             qPrintable(all.at(0)));
}

void tst_Documents::base64OfNoise_data() {
    QTest::addColumn<QByteArray>("text");
    QByteArray noise;
    for (int i = 0; i < 300; ++i) {
        noise += static_cast<char>(i * 7919 % 251);
    }
    QTest::newRow("noise") << noise.toBase64();
    QTest::newRow("hash") << QByteArray("9fceb02d0ae598e95dc970b74767f19372d61af8");
    QTest::newRow("long-name") << QByteArray("aVeryLongNameOfAFunctionInSomeProgramThatGoesOn");
    QTest::newRow("path") << QByteArray("/usr/share/doc/packages/some/thing/with/a/long/path");
}

void tst_Documents::base64OfNoise() {
    QFETCH(QByteArray, text);
    QCOMPARE(found(text.toStdString()), QStringList());
    QCOMPARE(m_report.items, std::uint64_t{1});
}

void tst_Documents::base64IsBounded() {
    QByteArray text("The NI number is JG103759A, as agreed on Monday.");
    for (int i = 0; i < 12; ++i) {
        text = text.toBase64();
    }
    QCOMPARE(found(text.toStdString()), QStringList());
    QVERIFY(skipped().size() == 1 && skipped().at(0).endsWith(QStringLiteral(": too-deep")));
}

//! What can be read in one is searched, to its last byte.
void tst_Documents::textInPrograms() {
    using namespace std::string_literals;
    std::string noise;
    for (int i = 0; i < 5000; ++i) {
        noise += static_cast<char>(i * 37 % 31 + (i % 3 == 0 ? 0x80 : 0));
    }
    const auto secret = "postgresql://app:Vq8Xb1ZpN4mK@db.internal:5432/cases"s;
    const auto start = "\x7F"
                       "ELF\2\1\1\0"s;
    QCOMPARE(found(start + noise + secret + noise),
             QStringList{QStringLiteral("url-with-password@")});
    QCOMPARE(m_report.findings.front().location.line, 0U);
    QCOMPARE(found(start + noise + secret), QStringList{QStringLiteral("url-with-password@")});
    const auto encoded =
        QByteArray::fromStdString("the NI number is JG103759A, as agreed").toBase64();
    const auto inside = found(start + noise + encoded.toStdString() + '\0' + noise);
    QCOMPARE(inside.size(), 1);
    QVERIFY(inside.front().startsWith(QStringLiteral("national-insurance-number@base64")));
    // Letters that are no ASCII belong to what stands there.
    const auto umlauts =
        found(start + noise + "password=\"Sch\u00F6n\u00DFtr-77!\"" + '\0' + noise);
    QCOMPARE(umlauts, QStringList{QStringLiteral("prose-password@")});
    const auto digest = m_report.findings.front().digest;
    (void)found("password=\"Sch\u00F6n\u00DFtr-77!\"\n");
    QCOMPARE(m_report.findings.front().digest, digest); // all of it, as in a text
}

//! .NET keeps its texts in UTF-16, wherever they fall.
void tst_Documents::wideTextInWindowsPrograms() {
    std::string program(0x80, '\0');
    program.replace(0, 2, "MZ");
    program[0x3C] = 0x40;
    program.replace(0x40, 4, std::string("PE\0\0", 4));
    std::string wide;
    for (const char c : std::string("password=\"Tr4fficCone\"")) {
        wide += c;
        wide += '\0';
    }
    QCOMPARE(found(program + wide), QStringList{QStringLiteral("prose-password@")});
    QCOMPARE(found(program + "x" + wide), QStringList{QStringLiteral("prose-password@")});
}

void tst_Documents::misleadingName() {
    QCOMPARE(found(packed(zip, {{"holiday.jpg", packed(zip, {{"n", "JG103759A"}})}}), "x.zip"),
             (QStringList{QStringLiteral("misleading-name@holiday.jpg"),
                          QStringLiteral("national-insurance-number@holiday.jpg/n")}));
}

void tst_Documents::containerImages_data() {
    QTest::addColumn<QByteArray>("image");
    const auto layers = [](const Setup &setup) {
        return std::pair(packed(setup, {{"etc/app.conf", "NI number JG103759A\n"}}),
                         packed(setup, {{"etc/.wh.app.conf", ""}, {"etc/other", "JG103759A"}}));
    };
    const auto row = [](const char *title, const Files &files) {
        QTest::newRow(title) << QByteArray::fromStdString(packed(tar, files));
    };
    const auto [plain1, plain2] = layers(tar);
    const std::string saved = R"([{"Config":"c.json","Layers":["aa/layer.tar","bb/layer.tar"]}])";
    row("docker-save", {{"bb/layer.tar", plain2},
                        {"aa/layer.tar", plain1},
                        {"c.json", "{}"},
                        {"manifest.json", saved}});
    const auto [packed1, packed2] = layers(tarWith(archive_write_add_filter_gzip));
    const std::string manifest = R"({"layers":[{"digest":"sha256:01"},{"digest":"sha256:02"}]})";
    row("oci-gzip", {{"oci-layout", "{}"},
                     {"index.json", "{}"},
                     {"blobs/sha256/02", packed2},
                     {"blobs/sha256/01", packed1},
                     {"blobs/sha256/03", manifest}});
}

void tst_Documents::containerImages() {
    QFETCH(QByteArray, image);
    auto all = found(image.toStdString(), "image.tar");
    all.sort();
    QCOMPARE(all, (QStringList{QStringLiteral("national-insurance-number@layer 1/etc/app.conf "
                                              "(deleted in layer 2)"),
                               QStringLiteral("national-insurance-number@layer 2/etc/other")}));
    QVERIFY2(skipped().isEmpty(), qPrintable(skipped().join(QLatin1Char(' '))));
}

void tst_Documents::mailbox() {
    const std::string message = "From: jo@court.example\nTo: al@court.example\n\n";
    QCOMPARE(found("From jo@court.example Mon Nov 23 10:00:00 2026\n" + message +
                   "nothing here\n\nFrom al@court.example Mon Nov 23 11:00:00 2026\n" + message +
                   "JG103759A\n"),
             QStringList{QStringLiteral("national-insurance-number@message 2/1")});
}

void tst_Documents::legacyCharset() {
    QCOMPARE(found("Fran\xE7ois \x96 caf\xE9 JG103759A", "latin1.txt").size(), 1);
    QCOMPARE(m_report.findings[0].location.column, 17U);
}

QTEST_GUILESS_MAIN(tst_Documents)
#include "tst_Documents.moc"
