// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"
#include "support/Packed.h"

#include <QByteArray>
#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

using namespace std::string_literals;

const std::string kHead = "From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: Hello\r\n"
                          "Date: Mon, 30 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n";
const std::string kPlain = "Content-Type: text/plain; charset=utf-8\r\n\r\nNothing here.\r\n";
const std::string kMixed = "Content-Type: multipart/mixed; boundary=\"bb\"\r\n\r\n";
const std::string kPart = "--bb\r\nContent-Type: text/plain\r\n\r\nNothing.\r\n";
const std::string kSecret = "the password is Tr4velling-Otter-77";

std::string utf16(std::string_view ascii) {
    std::string wide;
    for (const char c : ascii) {
        wide += {c, '\0'};
    }
    return wide;
}

std::string base64(const std::string &bytes) {
    return QByteArray::fromStdString(bytes).toBase64().toStdString();
}

std::string littleEndian(std::size_t number, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) {
        bytes += static_cast<char>(number >> (8U * static_cast<unsigned>(i)) & 0xFFU);
    }
    return bytes;
}

//! Of DER (X.690 §8.1), with a length of two bytes.
std::string element(char tag, const std::string &content) {
    return tag + std::string("\x82") + static_cast<char>(content.size() >> 8U) +
           static_cast<char>(content.size() & 0xFFU) + content;
}

//! As S/MIME's opaque signatures have it (RFC 5652 §5), without signers.
std::string signedAround(const std::string &octets) {
    const auto kind = [](char last) {
        return element(6, std::string("\x2A\x86\x48\x86\xF7\x0D\x01\x07") + last);
    };
    const auto explicitly = static_cast<char>(0xA0);
    const auto inside = element(0x30, kind(1) + element(explicitly, octets));
    const auto data = element(0x30, "\2\1\1" + element(0x31, "") + inside + element(0x31, ""));
    return element(0x30, kind(2) + element(explicitly, data));
}

//= MS-OXTNEF 2.1.3
std::string attribute(char level, std::size_t id, const std::string &data) {
    return level + littleEndian(id, 4) + littleEndian(data.size(), 4) + data + "xx";
}

std::string tnef(const std::string &attributes) {
    return "\x78\x9F\x3E\x22" + std::string("\1\0", 2) + attributes;
}

std::string inBase64(const std::string &bytes) {
    return "Content-Transfer-Encoding: base64\r\n\r\n" + base64(bytes) + "\r\n";
}

} // namespace

//! What stands in a message, but not where readers of mail show a text.
class tst_Mail : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void oddPlaces_data();
    void oddPlaces();
    void filesUnderACharset();
    void linesThatGoOn();
    void calendarsAreUnfolded();
    void namesOfFiles();
    void filesInTexts();
    void insideSignatures_data();
    void insideSignatures();
    void winmail();
    void brokenWinmail();
    void whatIsNotReadIsSaid_data();
    void whatIsNotReadIsSaid();
    void onceIsEnough();
    void fieldsForMachinesAreQuiet();

private:
    QStringList found(const std::string &bytes) {
        m_report = {};
        const auto report =
            m_scanner->scanBytes(bytes, "x.eml", Deadline::after(std::chrono::seconds(60)), {});
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

    std::shared_ptr<const Scanner> m_scanner;
    ScanReport m_report;
};

void tst_Mail::initTestCase() {
    const auto scanner = Scanner::create();
    QVERIFY(scanner);
    m_scanner = *scanner;
}

void tst_Mail::oddPlaces_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<QString>("part");
    const auto other = QStringLiteral("other text");
    const auto row = [](const char *name, const std::string &bytes, const QString &part) {
        QTest::newRow(name) << bytes << part;
    };
    row("a name", "From: \"" + kSecret + "\" <a@b.example>\r\n" + kHead.substr(29) + kPlain, other);
    row("comments", kHead + "Comments: " + kSecret + "\r\n" + kPlain, other);
    row("folded",
        kHead + "X-Note: see that\r\n the password is\r\n Tr4velling-Otter-77\r\n" + kPlain, other);
    row("encoded words",
        kHead + "X-Note: =?utf-8?Q?the_password_is_Tr4velling=2DOtter=2D77?=\r\n" + kPlain, other);
    row("a second subject", kHead + "Subject: " + kSecret + "\r\n" + kPlain, other);
    row("a header cut off", kHead + "X-Note: " + kSecret, other);
    row("a part's header",
        kHead + kMixed + "--bb\r\nContent-Description: " + kSecret + "\r\n\r\nNo.\r\n--bb--\r\n",
        other);
    row("a message's header inside",
        kHead + "Content-Type: message/rfc822\r\n\r\n" + kHead + "X-Note: " + kSecret + "\r\n" +
            kPlain,
        other);
    row("no message inside",
        kHead + "Content-Type: message/rfc822\r\n\r\n" + kSecret + "\r\nmore\r\n", other);
    row("preamble", kHead + kMixed + kSecret + "\r\n" + kPart + "--bb--\r\n", other);
    row("epilogue", kHead + kMixed + kPart + "--bb--\r\n" + kSecret + "\r\n", other);
    row("another boundary",
        kHead + kMixed + "--cc\r\nContent-Type: text/plain\r\n\r\n" + kSecret + "\r\n--cc--\r\n",
        other);
    row("no boundary",
        kHead + "Content-Type: multipart/mixed\r\n\r\n--c\r\n\r\n" + kSecret + "\r\n", other);
    row("plain text called base64",
        kHead + "Content-Transfer-Encoding: base64\r\n\r\n" + kSecret + "\r\n", other);
    row("text behind base64", kHead + inBase64("Hello, there") + "\r\n" + kSecret + "\r\n", other);
    row("base64 behind its end",
        kHead + inBase64("Hello, the!") + base64(kSecret + " from today on") + "\r\n",
        QStringLiteral("other text/base64 in line 9"));
    row("another charset than UTF-16",
        kHead + "Content-Type: text/plain; charset=utf-16\r\n\r\n" + kSecret + "\r\n",
        QStringLiteral("1"));
    row("a charset that is no ASCII",
        kHead + "Content-Type: text/plain; charset=IBM037\r\n\r\n" + kSecret + "\r\n",
        QStringLiteral("1"));
    row("HTML in UTF-16 that doesn't say so",
        kHead + "Content-Type: text/html\r\n" +
            inBase64("\xFF\xFE" + utf16("<p>the <b>password</b> is <i>Tr4velling</i>-Otter-77")),
        QStringLiteral("1"));
    row("enriched",
        kHead + "Content-Type: text/enriched\r\n\r\n<bold>the password</bold> is "
                "<italic>Tr4velling</italic>-Otter-77\r\n",
        QStringLiteral("1"));
}

void tst_Mail::oddPlaces() {
    QFETCH(std::string, bytes);
    QFETCH(QString, part);
    QCOMPARE(found(bytes), QStringList{QStringLiteral("prose-password@") + part});
}

void tst_Mail::filesUnderACharset() {
    const auto file = packed(zip, {{"a.txt", kSecret}});
    QCOMPARE(found(kHead + "Content-Type: text/plain; charset=utf-16\r\n" + inBase64(file)),
             QStringList{QStringLiteral("prose-password@1/a.txt")});
}

void tst_Mail::linesThatGoOn() {
    QCOMPARE(found(kHead + "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
                           "Take ghp_k7Qx2VbNz9RtYp4LmW \r\n8sHd3FgJc6Ea1UoXiB\r\n"),
             QStringList{QStringLiteral("github-token@1")});
}

void tst_Mail::calendarsAreUnfolded() {
    const std::string calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:Take ghp_k7Qx2VbN"
                                 "z9RtYp4LmW\r\n 8sHd3FgJc6Ea1UoXiB\r\nEND:VEVENT\r\n";
    QCOMPARE(found(kHead + "Content-Type: text/calendar\r\n\r\n" + calendar),
             QStringList{QStringLiteral("github-token@1")});
}

void tst_Mail::namesOfFiles() {
    QCOMPARE(found(kHead + "Content-Type: application/octet-stream\r\nContent-Disposition: "
                           "attachment; filename*0*=utf-8''k%65ys%20ghp_k7Qx2VbNz9RtYp;\r\n"
                           " filename*1=\"4LmW8sHd3FgJc6Ea1UoXiB.txt\"\r\n\r\nnothing\r\n"),
             QStringList{QStringLiteral("github-token@other text")});
}

void tst_Mail::filesInTexts() {
    // "the password is Tr4velling-Otter-77"
    const std::string encoded = "begin 644 notes.txt\r\n"
                                "C=&AE('!A<W-W;W)D(&ES(%1R-'9E;&QI;F<M3W1T97(M-S<*\r\n`\r\nend\r\n";
    QCOMPARE(found(kHead + "Content-Type: text/plain\r\n\r\nHello\r\n" + encoded),
             QStringList{QStringLiteral("prose-password@1/notes.txt")});
    QCOMPARE(found(kHead + "Content-Type: text/plain\r\n\r\n" + std::string(9000, '\n') + encoded),
             QStringList{QStringLiteral("prose-password@1/notes.txt")});
    QCOMPARE(found(kHead + "Content-Type: text/plain\r\n\r\nbegin 12 days before\r\nthe end\r\n"),
             QStringList());
    QCOMPARE(m_report.skipped.size(), std::size_t{0});
}

void tst_Mail::insideSignatures_data() {
    QTest::addColumn<std::string>("content");
    const auto entity =
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "\r\nthe pass=\r\nword is Tr4velling=2DOtter=2D77\r\n"s;
    QTest::newRow("in one piece") << element(4, entity);
    QTest::newRow("in pieces") << element(0x24, element(4, entity.substr(0, 99)) +
                                                    element(4, entity.substr(99)));
}

void tst_Mail::insideSignatures() {
    QFETCH(std::string, content);
    QCOMPARE(found(kHead + "Content-Type: application/pkcs7-mime; name=smime.p7m\r\n" +
                   inBase64(signedAround(content))),
             QStringList{QStringLiteral("prose-password@1 smime.p7m/content/1")});
}

void tst_Mail::winmail() {
    const auto bytes = tnef(attribute(1, 0x0002800C, kSecret + '\0') +
                            attribute(2, 0x00069002, std::string(14, '\0')) +
                            attribute(2, 0x0006800F, packed(zip, {{"a.txt", kSecret}})) +
                            attribute(2, 0x00018010, std::string("a.zip\0", 6)) +
                            attribute(2, 0x00069005, std::string(9, '\7')));
    QCOMPARE(
        found(kHead + "Content-Type: application/ms-tnef; name=winmail.dat\r\n" + inBase64(bytes)),
        (QStringList{QStringLiteral("prose-password@1 winmail.dat"),
                     QStringLiteral("prose-password@1 winmail.dat/a.zip/a.txt")}));
    QCOMPARE(m_report.skipped.size(), std::size_t{0});
    // A body in compressed RTF (here: not compressed, "MELA" is that; "LZFu" with plain tokens).
    const std::string rtf = "{\\rtf1 the pass{\\b word} is Tr4velling-Otter-77}";
    std::string tokens;
    for (std::size_t i = 0; i < rtf.size(); i += 8) {
        tokens += '\0' + rtf.substr(i, 8);
    }
    const auto body = littleEndian(tokens.size() + 12, 4) + littleEndian(rtf.size(), 4) + "LZFu" +
                      littleEndian(0, 4) + tokens;
    QCOMPARE(found(tnef(attribute(1, 0x00069003, "properties" + body))),
             QStringList{QStringLiteral("prose-password@body.rtf")});
}

void tst_Mail::brokenWinmail() {
    const auto whole = tnef(attribute(1, 0x0002800C, "Hello there, " + kSecret));
    QCOMPARE(found(whole.substr(0, whole.size() - 3)),
             QStringList{QStringLiteral("prose-password@")});
    QCOMPARE(m_report.skipped.size(), std::size_t{1});
    QCOMPARE(m_report.skipped.front().why, std::string("damaged"));
}

void tst_Mail::whatIsNotReadIsSaid_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::newRow("a fragment")
        << "Content-Type: message/partial; id=\"a@b\"; number=2; total=2\r\n"
           "\r\nSGVsbG8gd29ybGQ\r\n"s;
    QTest::newRow("yEnc") << "\r\n=ybegin line=128 size=5 name=a\r\nxyz\r\n=yend size=5\r\n"s;
    QTest::newRow("BinHex")
        << "\r\n(This file must be converted with BinHex 4.0)\r\n\r\n:#hGPBR9dD@acAh\r\n"s;
    QTest::newRow("compressed") << inBase64(
        element(0x30, "\6\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x09" +
                          element(static_cast<char>(0xA0), element(0x30, "\2\1\0"))));
}

void tst_Mail::whatIsNotReadIsSaid() {
    QFETCH(std::string, bytes);
    QCOMPARE(found(kHead + bytes), QStringList());
    QCOMPARE(m_report.skipped.size(), std::size_t{1});
    QCOMPARE(m_report.skipped.front().why, std::string("not-supported"));
}

void tst_Mail::onceIsEnough() {
    QCOMPARE(found("Subject: " + kSecret + "\r\n" + kHead + kMixed + kSecret + "\r\n--bb\r\n\r\n" +
                   kSecret + "\r\n--bb--\r\n"),
             (QStringList{QStringLiteral("prose-password@subject"),
                          QStringLiteral("prose-password@1")}));
}

//! Signatures and identifiers; and who it went to is no list of contacts.
void tst_Mail::fieldsForMachinesAreQuiet() {
    std::string to = "To: \"Jo Doe\" <jo@example.org>";
    for (int i = 0; i < 60; ++i) {
        to += ",\r\n p" + std::to_string(i) + "@example.org";
    }
    const std::string token = "ghp_k7Qx2VbNz9RtYp4LmW8sHd3FgJc6Ea1UoXiB";
    QCOMPARE(found(kHead + to +
                   "\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.org; b=JG 10 37 59 A\r\n"
                   "X-MS-Exchange-CrossTenant-Id: " +
                   token + "\r\nReceived: from x by y with id JG103759A; password=Xk39vTq2\r\n" +
                   kPlain),
             QStringList());
    QCOMPARE(found(kHead + "X-Note: " + token + "\r\n" + kPlain),
             QStringList{QStringLiteral("github-token@other text")});
}

QTEST_GUILESS_MAIN(tst_Mail)
#include "tst_Mail.moc"
