// SPDX-License-Identifier: GPL-3.0-or-later
// A secret in each format that the scanner says it reads, found with its path.
#include "scan/Scanner.h"

#include "support/HandMadeArchives.h"
#include "support/Packed.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "NI number JG103759A\n";

std::string utf16(std::u16string_view text, bool bigEndian, bool mark) {
    std::string bytes;
    const auto add = [&](char16_t unit) {
        const char high = static_cast<char>(static_cast<unsigned>(unit) >> 8U);
        const char low = static_cast<char>(static_cast<unsigned>(unit) & 0xFFU);
        bytes += bigEndian ? high : low;
        bytes += bigEndian ? low : high;
    };
    if (mark) {
        add(0xFEFF);
    }
    for (const auto unit : text) {
        add(unit);
    }
    return bytes;
}

//! A PDF with one empty page and a file attached to it (ISO 32000-1 §7.11.4).
std::string pdfWithAttachment(const std::string &name, const std::string &content) {
    return "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(" + name +
           ")5 0 R]>>>>>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources"
           "<</Font<</F1 7 0 R>>>>>>endobj\n4 0 obj<</Length 41>>stream\n"
           "BT /F1 12 Tf 72 720 Td (See enclosed) Tj ET\nendstream endobj\n"
           "5 0 obj<</Type/Filespec/F(" +
           name + ")/UF(" + name + ")/EF<</F 6 0 R>>>>endobj\n6 0 obj<</Type/EmbeddedFile/Length " +
           std::to_string(content.size()) + ">>stream\n" + content +
           "\nendstream endobj\n7 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
           "trailer<</Root 1 0 R/Size 8>>\n%%EOF\n";
}

std::string utf32(std::string_view text, bool mark) {
    std::string bytes = mark ? std::string("\xFF\xFE\0\0", 4) : std::string();
    for (const char c : text) {
        bytes += c + std::string(3, '\0');
    }
    return bytes;
}

//! In zlib's format (RFC 1950).
std::string zlibbed(const std::string &content) {
    return qCompress(QByteArray::fromStdString(content)).mid(4).toStdString();
}

//! Bytes that are spread evenly.
QByteArray noise(int size) {
    QByteArray bytes;
    std::uint32_t state = 1;
    for (int i = 0; i < size; ++i) {
        state = state * 1664525U + 1013904223U;
        bytes += static_cast<char>(state >> 24U);
    }
    return bytes;
}

std::string officeWith(const std::string &path, const std::string &xml) {
    return packed(zip, {{"[Content_Types].xml", "<Types/>"}, {path, xml}});
}

} // namespace

class tst_Formats : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void finds_data();
    void finds();
    void closedIsSaid_data();
    void closedIsSaid();
    void outlookMessageIsSaid();

private:
    std::shared_ptr<const Scanner> m_scanner;
};

void tst_Formats::initTestCase() {
    const auto scanner = Scanner::create();
    QVERIFY(scanner);
    m_scanner = *scanner;
}

void tst_Formats::finds_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char *name, const std::string &bytes, const char *part) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(part);
    };
    row("old.rar", rar4("papers/ni.txt", kSecret), "papers/ni.txt");
    row("new.rar", rar5("papers/ni.txt", kSecret), "papers/ni.txt");
    row("app.jar",
        packed(zip, {{"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n"},
                     {"court/Case.class", "\xCA\xFE\xBA\xBE" + std::string("\0\0\0\x3D", 4) +
                                              "\x01" + std::string("\0\x0A", 2) + kSecret}}),
        "court/Case.class");
    row("properties.ods",
        packed(zip, {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                     {"meta.xml", "<office:meta><meta:user-defined meta:name=\"NI\">JG103759A"
                                  "</meta:user-defined></office:meta>"}}),
        "meta.xml");
    row("slides.pptx",
        officeWith("ppt/comments/comment1.xml",
                   "<p:cmLst><p:cm authorId=\"0\"><p:text>JG103759A</p:text></p:cm></p:cmLst>"),
        "ppt/comments/comment1.xml");
    row("hidden.pptx",
        officeWith("ppt/slides/slide2.xml", "<p:sld show=\"0\"><a:p><a:r><a:t>JG1037</a:t></a:r>"
                                            "<a:r><a:t>59A</a:t></a:r></a:p></p:sld>"),
        "ppt/slides/slide2.xml");
    row("talk.xlsx",
        officeWith("xl/threadedComments/threadedComment1.xml",
                   "<ThreadedComments><threadedComment ref=\"A1\"><text>JG103759A</text>"
                   "</threadedComment></ThreadedComments>"),
        "xl/threadedComments/threadedComment1.xml");
    row("enclosed.pdf", pdfWithAttachment("ni.txt", kSecret), "ni.txt");
    row("zip.pdf", pdfWithAttachment("a.zip", packed(zip, {{"ni.txt", kSecret}})), "a.zip/ni.txt");
    row("le.txt", utf16(u"The NI number is JG103759A.", false, true), "");
    row("be.txt", utf16(u"The NI number is JG103759A.", true, true), "");
    row("bare.txt", utf16(u"The NI number is JG103759A.", false, false), "");
    row("utf32.txt", utf32("The NI number is JG103759A.", true), "");
    row("bare32.txt", utf32("The NI number is JG103759A.", false), "");
    row("cyrillic.txt",
        utf16(u"Здравствуйте, это письмо о деле номер 12 от 3 мая 2021 года. Прошу ответить до 4 "
              u"июня.\r\nNI number: JG103759A\r\n",
              false, false),
        "");
    row("inner-subject.eml",
        "From: a@x.example\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: b@x.example\r\nSubject: NI number JG103759A\r\n\r\nbody\r\n",
        "1 subject");
    row("tags.eml",
        "From: a@x.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
        "<p>NI&nbsp;<i>number</i> JG10<b>3759</b>A</p>\r\n",
        "1");
    row("utf16.docx",
        officeWith("word/document.xml",
                   utf16(u"<w:p><w:t>NI number JG10</w:t><w:t>3759A</w:t></w:p>", false, true)),
        "word/document.xml");
    row("comment.jpg",
        std::string("\xFF\xD8\xFF\xFE\0\x16", 6) + "NI number JG103759A." +
            std::string("\xFF\xD9", 2),
        "");
    row("behind.gif", "GIF89a" + std::string("\x01\0\x01\0\0\0\0;", 8) + "\n" + kSecret, "");
    row("utf16.zip",
        packed(zip, {{"ni.csv", utf16(u"Name;NI number\r\nJosé;JG103759A\r\n", false, true)}}),
        "ni.csv");
    row("latin1.csv", "Nom;NI number\r\nJos\xE9;JG103759A\r\n", "");
    row("self-extracting.exe",
        "MZ" + std::string(0x3A, '\0') + little(0x80, 4) + std::string(0x40, '\0') +
            std::string("PE\0\0", 4) + std::string(400, '\x90') +
            packed(zip, {{"ni.txt", kSecret}}),
        "ni.txt");
    row("notes.tar.lz", packed(tarWith(archive_write_add_filter_lzip), {{"ni.txt", kSecret}}),
        "ni.txt");
    row("notes.lzma", packed(raw(archive_write_add_filter_lzma), {{"n", kSecret}}), "notes");
    row("a.zip.xz",
        packed(raw(archive_write_add_filter_xz), {{"n", packed(zip, {{"ni.txt", kSecret}})}}),
        "a.zip/ni.txt");
    row("4b825dc642cb6eb9a060e54bf8d69288fbee49", zlibbed(kSecret), "content"); // Git's object
    row("mail.pst", "!BDN" + std::string(600, '\0') + utf16(u"NI JG103759A.", false, false), "");
    row("odd.pst", "!BDN" + std::string(601, '\0') + utf16(u"NI JG103759A.", false, false), "");
    row("picture.gif",
        "GIF89a" + std::string("\x01\0\x01\0\0\0\0;", 8) + packed(zip, {{"ni.txt", kSecret}}),
        "ni.txt");
}

void tst_Formats::finds() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, part);
    const auto report = m_scanner->scanBytes(bytes.toStdString(), QTest::currentDataTag(),
                                             Deadline::after(std::chrono::seconds(60)), {});
    QVERIFY(report);
    std::vector<std::string> parts;
    for (const auto &finding : report->findings) {
        if (finding.kind == "national-insurance-number") {
            parts.push_back(finding.location.part);
        }
    }
    QVERIFY(std::find(parts.begin(), parts.end(), part.toStdString()) != parts.end());
}

void tst_Formats::closedIsSaid_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("kinds");
    QTest::addColumn<QStringList>("whys");
    const QStringList encrypted = {QStringLiteral("encrypted")};
    QTest::newRow("a.gpg") << QByteArray::fromHex("8c0d04090302ae8e940a20622d9dffd24e01d39ca7f29390"
                                                  "6cd70ee6668fb36906ef38830f61b93c3a44bd320b9e2817"
                                                  "4b0b71c5f7228612335dc00f1b8fdce920c62af8dee4327e"
                                                  "97e563f3e84e03ab5bc8ccce7e98d32de209fa62e1b2c9")
                           << QStringList{QStringLiteral("encrypted-file")} << encrypted;
    QTest::newRow("a.age") << QByteArray("age-encryption.org/v1\n-> X25519 x\n")
                           << QStringList{QStringLiteral("encrypted-file")} << encrypted;
    QTest::newRow("key.gpg") << QByteArray::fromHex("c5ff00000135"
                                                    "04046b0d2d82010c00") +
                                    QByteArray(300, 'k')
                             << QStringList{QStringLiteral("pgp-private-key")} << QStringList();
    const auto notSupported = QStringList{QStringLiteral("not-supported")};
    QTest::newRow("a.pst") << QByteArray("!BDN") << QStringList() << notSupported;
    QTest::newRow("a.bin") << noise(4096) << QStringList() << notSupported;
    const auto pages = packed(storedZip, {{"Index/Document.iwa", "x"}});
    QTest::newRow("a.pages") << QByteArray::fromStdString(pages) << QStringList() << notSupported;
    const auto packed = QByteArray::fromStdString(zlibbed(std::string(900, 'x') + kSecret));
    const QStringList damaged = {QStringLiteral("damaged")};
    QTest::newRow("cut-off") << packed.chopped(5) << QStringList() << damaged;
    const auto bomb = QByteArray::fromStdString(zlibbed(std::string(64 << 20U, '\0')));
    QTest::newRow("bomb") << bomb << QStringList() << damaged;
    QTest::newRow("a.7z.002") << QByteArray("\x91\x12\x01\x77") << QStringList()
                              << QStringList{QStringLiteral("not-supported")};
}

//! What can't be looked into, or is a key as a whole.
void tst_Formats::closedIsSaid() {
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, kinds);
    QFETCH(QStringList, whys);
    const auto report = m_scanner->scanBytes(bytes.toStdString(), QTest::currentDataTag(),
                                             Deadline::after(std::chrono::seconds(60)), {});
    QVERIFY(report);
    QStringList found;
    for (const auto &finding : report->findings) {
        found += QString::fromStdString(finding.kind);
    }
    QStringList skipped;
    for (const auto &one : report->skipped) {
        skipped += QString::fromStdString(one.why);
    }
    QCOMPARE(found, kinds);
    QCOMPARE(skipped, whys);
}

//! No free library reads it: what stands there as text is found, and the rest is told of.
void tst_Formats::outlookMessageIsSaid() {
    auto message = std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") + std::string(1016, '\0') +
                   utf16(u"The NI number is JG103759A.", false, false) + std::string(600, '\0');
    const auto report =
        m_scanner->scanBytes(message, "letter.msg", Deadline::after(std::chrono::seconds(60)), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->skipped.at(0).why, std::string("not-supported"));
    QCOMPARE(report->skipped.at(0).path, std::string("letter.msg"));
}

QTEST_GUILESS_MAIN(tst_Formats)
#include "tst_Formats.moc"
