// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "support/HandMadeCompound.h"
#include "support/Packed.h"
#include "support/Scanned.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

constexpr const char *kTypes = "[Content_Types].xml";
const std::string kSecret = "the password is Tr4velling-Otter-77";
const std::string kFirstHalf = "ghp_k7Qx2VbNz9RtYp4LmW";
const std::string kSecondHalf = "8sHd3FgJc6Ea1UoXiB";

std::string utf16(std::string_view ascii) {
    std::string wide;
    for (const char c : ascii) {
        wide += {c, '\0'};
    }
    return wide;
}

//! In chunks of plain tokens and, where `tail` says so, one that copies (MS-OVBA 2.4.1.3).
std::string compressedMacro(const std::string &source, const std::string &tail = {}) {
    std::string tokens;
    for (std::size_t at = 0; at < source.size(); at += 8) {
        tokens += '\0' + source.substr(at, 8);
    }
    tokens += tail;
    const auto header = 0xB000U | static_cast<unsigned>(tokens.size() - 1);
    return std::string("\1") + static_cast<char>(header & 0xFFU) + static_cast<char>(header >> 8U) +
           tokens;
}

std::string macros(const std::string &container) {
    HandMadeCompound file;
    file.add("VBA/dir", "\1\2\3");
    file.add("VBA/Module1", "\x01\x16\x01 compiled " + container);
    file.add("PROJECT", "Module=Module1\r\n");
    return file.bytes();
}

} // namespace

//! What stands in a document, but not where its program shows it.
class tst_HiddenText : public QObject {
    Q_OBJECT

private slots:
    void attributes_data();
    void attributes();
    void attributesForPrograms();
    void otherParts_data();
    void otherParts();
    void twoPartsOfOneName();
    void namedProperties();
    void numbersWithExponents();
    void numbersShownShort();
    void documentsInOneFile_data();
    void documentsInOneFile();
    void macros();
    void brokenMacros();
};

void tst_HiddenText::attributes_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<std::string>("xml");
    QTest::addColumn<QString>("kind");
    const auto row = [](const char *name, const char *path, const std::string &xml,
                        const char *kind = "prose-password") {
        QTest::newRow(name) << QString::fromLatin1(path) << xml << QString::fromLatin1(kind);
    };
    row("a picture's description", "ppt/slides/slide1.xml",
        "<p:sld><p:cNvPr id=\"1\" descr=\"" + kSecret + "\"/><a:t>x</a:t></p:sld>");
    row("who commented", "word/comments.xml",
        "<w:comments><w:comment w:author=\"" + kSecret +
            "\"><w:t>x</w:t></w:comment></w:comments>");
    row("a field", "word/document.xml",
        "<w:p><w:fldSimple w:instr=\" TOKEN " + kFirstHalf + kSecondHalf +
            " \"/><w:t>x</w:t></w:p>",
        "github-token");
    row("a tooltip", "xl/worksheets/sheet1.xml",
        "<worksheet><c><v>1</v></c><hyperlink tooltip=\"" + kSecret + "\"/></worksheet>");
    row("an entity", "word/document.xml",
        "<!DOCTYPE d [<!ENTITY a \"" + kSecret + "\">]><w:p><w:t>&a;</w:t></w:p>");
    row("a variable", "word/settings.xml",
        "<w:docVars><w:docVar w:name=\"password\" w:val=\"Xk39vTq2\"/></w:docVars>",
        "prose-password");
    row("a user's field", "content.xml",
        "<text:user-field-decl text:name=\"password\" office:string-value=\"Xk39vTq2\"/><text:p>x"
        "</text:p>",
        "prose-password");
}

void tst_HiddenText::attributes() {
    QFETCH(QString, path);
    QFETCH(std::string, xml);
    QFETCH(QString, kind);
    const auto file = packed(zip, {{kTypes, "<Types/>"}, {path.toStdString(), xml}});
    QCOMPARE(found(scanned(file, "a.docx")),
             QStringList{kind + QLatin1Char('@') + path + QStringLiteral("/other text")});
}

void tst_HiddenText::attributesForPrograms() {
    const std::string xml =
        "<w:p xmlns:w=\"http://schemas.example/password=Xk39vTq2\" w:rsidR=\"00AB12CD\" "
        "w14:paraId=\"4D6E7A81\"><w:style w:name=\"Heading 1 Char\" w:val=\"Heading1Char\"/>"
        "<a:ext uri=\"{28A0092B-C50C-407E-A947-70E740481C1C}\"/><w:t>Hello</w:t></w:p>";
    const auto file = packed(zip, {{kTypes, "<Types/>"}, {"word/document.xml", xml}});
    QCOMPARE(found(scanned(file, "a.docx")), QStringList());
}

void tst_HiddenText::otherParts_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<std::string>("content");
    const auto split = "<w:p><w:t>" + kFirstHalf + "</w:t><w:t>" + kSecondHalf + "</w:t></w:p>";
    QTest::newRow("a text elsewhere") << QStringLiteral("story/main.xml") << split;
    QTest::newRow("an embedded object") << QStringLiteral("Object 1/content.xml") << split;
    QTest::newRow("a drawing") << QStringLiteral("word/media/image1.emf")
                               << std::string("\1\0\0\0\x58", 5) + utf16(kFirstHalf + kSecondHalf) +
                                      std::string(40, '\2');
    QTest::newRow("a sheet in binary")
        << QStringLiteral("xl/worksheets/sheet1.bin")
        << std::string("\6\x20\0\0", 4) + utf16(kFirstHalf + kSecondHalf) + "\1\2\3";
}

void tst_HiddenText::otherParts() {
    QFETCH(QString, path);
    QFETCH(std::string, content);
    const auto file = packed(zip, {{kTypes, "<Types/>"}, {path.toStdString(), content}});
    QCOMPARE(found(scanned(file, "a.docx")), QStringList{QStringLiteral("github-token@") + path});
}

void tst_HiddenText::twoPartsOfOneName() {
    const auto file = packed(zip, {{kTypes, "<Types/>"},
                                   {"word/document.xml", "<w:t>" + kSecret + "</w:t>"},
                                   {"word/document.xml", "<w:t>Hello</w:t>"}});
    QCOMPARE(found(scanned(file, "a.docx")),
             QStringList{QStringLiteral("prose-password@word/document.xml")});
}

void tst_HiddenText::namedProperties() {
    const auto file =
        packed(zip, {{kTypes, "<Types/>"},
                     {"docProps/custom.xml",
                      "<Properties><property name=\"password\"><vt:lpwstr>Xk39vTq2</vt:lpwstr>"
                      "</property></Properties>"}});
    QCOMPARE(found(scanned(file, "a.docx")),
             QStringList{QStringLiteral("prose-password@docProps/custom.xml")});
}

void tst_HiddenText::numbersWithExponents() {
    const auto file =
        packed(zip, {{kTypes, "<Types/>"},
                     {"xl/worksheets/sheet1.xml",
                      "<row><c t=\"inlineStr\"><is><t>NHS number</t></is></c><c><v>9.434765919E9"
                      "</v></c></row>"}});
    QCOMPARE(found(scanned(file, "a.xlsx")),
             QStringList{QStringLiteral("nhs-number@xl/worksheets/sheet1.xml")});
}

void tst_HiddenText::numbersShownShort() {
    const auto file = packed(
        zip, {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
              {"content.xml",
               "<table:table-row><table:table-cell><text:p>Card number</text:p></table:table-cell>"
               "<table:table-cell office:value=\"4929420573595709\"><text:p>4.93E+15</text:p>"
               "</table:table-cell></table:table-row>"},
              {"META-INF/manifest.xml", "<manifest:manifest/>"}});
    QCOMPARE(found(scanned(file, "a.ods")),
             QStringList{QStringLiteral("payment-card@content.xml")});
}

void tst_HiddenText::documentsInOneFile_data() {
    QTest::addColumn<std::string>("xml");
    const auto split = "<x>" + kFirstHalf + "</x><x>" + kSecondHalf + "</x>";
    QTest::newRow("OpenDocument") << "<?xml version=\"1.0\"?><office:document><text:p>" + split +
                                         "</text:p></office:document>";
    QTest::newRow("Word 2003") << "<?xml version=\"1.0\"?><?mso-application progid=\"Word."
                                  "Document\"?><w:wordDocument><w:p>" +
                                      split + "</w:p></w:wordDocument>";
    QTest::newRow("one file for a package")
        << "<pkg:package><pkg:part><w:p>" + split + "</w:p></pkg:part></pkg:package>";
    QTest::newRow("a drawing") << "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>" + split +
                                      "</text></svg>";
}

void tst_HiddenText::documentsInOneFile() {
    QFETCH(std::string, xml);
    QCOMPARE(found(scanned(xml, "a")), QStringList{QStringLiteral("github-token@")});
}

void tst_HiddenText::macros() {
    const std::string source =
        "Attribute VB_Name = \"Module1\"\r\ntoken = \"" + kFirstHalf + kSecondHalf + "\"\r\n";
    // Another chunk, whose last token copies three bytes from four back.
    auto container = compressedMacro(source);
    container +=
        compressedMacro("x = \"" + kFirstHalf.substr(0, 11), std::string("\1\0\x30", 3)).substr(1);
    const auto project = ::macros(container);
    for (const auto &[bytes, name] :
         {std::pair(project, std::string("vbaProject.bin")),
          std::pair(packed(zip, {{kTypes, "<Types/>"}, {"word/vbaProject.bin", project}}),
                    std::string("a.docm"))}) {
        const auto report = scanned(bytes, name);
        QCOMPARE(report.findings.size(), std::size_t{1});
        QVERIFY(report.findings.front().location.part.ends_with("VBA/Module1"));
        QVERIFY(report.skipped.empty());
    }
}

void tst_HiddenText::brokenMacros() {
    const auto whole =
        compressedMacro("Attribute VB_Name = \"Module1\"\r\npassword = \"Xk39vTq2\"\r\n");
    // Cut off; and one that copies from before its start.
    for (const auto &container :
         {whole.substr(0, whole.size() - 4),
          whole + compressedMacro("", std::string("\1\xFF\xFF", 3)).substr(1)}) {
        const auto report = scanned(::macros(container), "vbaProject.bin");
        QCOMPARE(report.skipped.size(), std::size_t{1});
        QCOMPARE(report.skipped.front().why, std::string("damaged"));
    }
    const auto none = scanned(::macros("nothing"), "vbaProject.bin");
    QCOMPARE(none.skipped.size(), std::size_t{1});
    QCOMPARE(none.skipped.front().why, std::string("not-supported"));
}

QTEST_GUILESS_MAIN(tst_HiddenText)
#include "tst_HiddenText.moc"
