// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeBuilder.h"

#include "base/Text.h"
#include "mail/MimeReader.h"

#include <QTest>
#include <algorithm>
#include <set>
#include <thread>

using namespace sealpost;
using namespace sealpost::mail;

namespace {

MessageHeaders headersFor(std::string subject) {
    MessageHeaders headers;
    headers.from = *Address::parse("\"Bloggs, Jo \\\"JB\\\"\" <jo@court.example>");
    headers.to = {*Address::parse("Zoë Łukasz <zoe@police.example>"),
                  *Address::parse("\"a b\"@police.example")};
    headers.cc = {*Address::parse("مرحبا 🎉 <al@bücher.example>")};
    headers.subject = std::move(subject);
    headers.date = base::fromIso8601("2026-11-23T09:02:00Z");
    headers.messageId = "abc@court.example";
    return headers;
}

//! CRLF only, ASCII only, no line past the limit.
bool isCanonical(std::string_view bytes, std::size_t longest) {
    std::size_t line = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        const bool endsLine = c == '\r' && bytes.substr(i, 2) == "\r\n";
        if (endsLine) {
            ++i;
            line = 0;
        } else if (c == '\t' || (c >= ' ' && c < 0x7F)) {
            if (++line > longest) {
                return false;
            }
        } else {
            return false;
        }
    }
    return bytes.ends_with("\r\n");
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string messageOf(const MessageHeaders &headers, const std::string &entity) {
    return headerBlock(headers) + entity;
}

} // namespace

class tst_MimeBuilder : public QObject {
    Q_OBJECT

private slots:
    void subjectsGoThrough_data();
    void subjectsGoThrough();
    void headerFields();
    void controlCharactersNeverComeOut();
    void textsGoThrough_data();
    void textsGoThrough();
    void attachmentsGoThrough();
    void messagesAreNotBase64Typed();
    void entityIsReservedOnce();
    void protectedHeadersNone();
    void protectedHeadersClear();
    void protectedHeadersCipher();
    void signedFrame();
    void envelopedHeader();
    void base64Streams();
    void messageIds();
    void manyThreads();
};

void tst_MimeBuilder::subjectsGoThrough_data() {
    QTest::addColumn<QByteArray>("subject");
    QTest::newRow("ascii") << QByteArray("Bail conditions");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("umlauts") << QByteArray("Żółć über alles");
    QTest::newRow("emoji") << QByteArray("🎉").repeated(60);
    QTest::newRow("rtl") << QByteArray("مرحبا بالعالم").repeated(20);
    QTest::newRow("rfc5322-2.1.1-thousand-words") << QByteArray("word ").repeated(199) + "end";
    QTest::newRow("rfc5322-2.1.1-one-word-of-1000") << QByteArray(1000, 'x');
    QTest::newRow("looks-encoded") << QByteArray("=?utf-8?b?SGVsbG8=?= is not decoded");
    QTest::newRow("quotes") << QByteArray("The \"R v. Smith\" <case>; (1)");
}

void tst_MimeBuilder::subjectsGoThrough() {
    QFETCH(QByteArray, subject);
    const auto headers = headersFor(subject.toStdString());
    const auto block = headerBlock(headers);
    QVERIFY2(isCanonical(block, 78), block.c_str());
    QVERIFY(block.ends_with("\r\nMIME-Version: 1.0\r\n"));
    const auto read = readMessage(block + "\r\nbody\r\n");
    QVERIFY(read);
    QCOMPARE(QByteArray::fromStdString(read->subject), subject);
}

void tst_MimeBuilder::headerFields() {
    const auto block = headerBlock(headersFor("x"));
    QVERIFY(contains(block, "Date: Mon, 23 Nov 2026 09:02:00 +0000\r\n"));
    QVERIFY(contains(block, "Message-ID: <abc@court.example>\r\n"));
    QVERIFY(contains(block, "From: \"Bloggs, Jo \\\"JB\\\"\" <jo@court.example>\r\n"));
    QVERIFY(contains(block, "\"a b\"@police.example"));
    QVERIFY(contains(block, "<al@xn--bcher-kva.example>"));
    QVERIFY(!contains(base::asciiLower(block), "bcc"));
    const auto read = readMessage(block + "\r\nbody\r\n");
    QCOMPARE(read->from, std::string("\"Bloggs, Jo \\\"JB\\\"\" <jo@court.example>"));
}

void tst_MimeBuilder::controlCharactersNeverComeOut() {
    const auto block = headerBlock(headersFor("a\r\nBcc: x@y.example\n\nbody\rz\x1b"));
    QVERIFY(isCanonical(block, 78));
    QVERIFY(!contains(block, "\nBcc:"));
    QVERIFY(!contains(block, "\r\n\r\n"));
    const auto entity = buildEntity("t", {{"a\r\nX-Evil: 1.pdf", "text/plain\r\nX-Evil: 2", "c"}},
                                    HeaderProtection::None, {});
    QVERIFY(entity && isCanonical(*entity, 998));
    QVERIFY(!contains(*entity, "\nX-Evil"));
}

void tst_MimeBuilder::textsGoThrough_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("plain");
    const auto row = [](const char *title, const QByteArray &text, const QByteArray &expected,
                        bool plain) { QTest::newRow(title) << text << expected << plain; };
    row("plain", "Hello\nthere\n", "Hello\r\nthere\r\n", true);
    row("no-line-end", "Hello", "Hello\r\n", true);
    row("crlf", "a\r\nb\r\n", "a\r\nb\r\n", true);
    row("lone-cr", "a\rb", "a\r\nb\r\n", true);
    row("empty", "", "\r\n", true);
    row("utf8", "Grüße 🎉\n", "Grüße 🎉\r\n", false);
    row("rfc5322-2.1.1-long-line", QByteArray(5000, 'x'), QByteArray(5000, 'x') + "\r\n", false);
    row("rfc2045-6.7-3-space-at-end", "sig \n-- \n", "sig \r\n-- \r\n", false);
    row("rfc2045-6.7-equals-stays-plain", "a=b", "a=b\r\n", true);
    row("equals-with-utf8", "a=é\t", "a=é\t\r\n", false);
    row("mboxrd-from", "From me\n", "From me\r\n", false);
    row("rfc5321-4.5.2-dot", ".\nx", ".\r\nx\r\n", false);
    row("control", "a\x1b\x01z", "a\x1b\x01z\r\n", false);
}

void tst_MimeBuilder::textsGoThrough() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QFETCH(bool, plain);
    const auto entity = buildEntity(text.toStdString(), {}, HeaderProtection::None, {});
    QVERIFY(entity);
    QVERIFY(isCanonical(*entity, 76));
    QCOMPARE(contains(*entity, "Content-Transfer-Encoding: 7bit"), plain);
    const auto read = readMessage(messageOf(headersFor("x"), *entity));
    QVERIFY(read);
    QCOMPARE(QByteArray::fromStdString(read->parts.at(0).content), expected);
}

void tst_MimeBuilder::attachmentsGoThrough() {
    std::string binary;
    for (int i = 0; i < 1000; ++i) {
        binary += static_cast<char>(i * 7);
    }
    const std::vector<LoadedAttachment> attachments = {
        {"report \"final\".pdf", "application/pdf", binary},
        {"Żółć مرحبا 🎉 und ein langer Name, der über eine Zeile geht.txt", "text/plain", "a\nb\r"},
        {std::string(200, 'n') + ".bin", "application/octet-stream", ""}};
    const auto entity = buildEntity("See attached.", attachments, HeaderProtection::None, {});
    QVERIFY(entity);
    QVERIFY(isCanonical(*entity, 78));
    const auto read = readMessage(messageOf(headersFor("x"), *entity));
    QVERIFY(read);
    QCOMPARE(read->parts.size(), std::size_t{4});
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        const auto &part = read->parts[i + 1];
        QCOMPARE(part.fileName, attachments[i].name);
        QCOMPARE(part.mediaType, attachments[i].mediaType);
        QVERIFY(part.content == attachments[i].content);
    }
}

void tst_MimeBuilder::messagesAreNotBase64Typed() {
    //= RFC 2046 §5.2.1
    for (const std::string type : {"message/rfc822", "multipart/mixed", "nonsense", "", "a/"}) {
        const auto entity = buildEntity("t", {{"m.eml", type, "c"}}, HeaderProtection::None, {});
        QVERIFY(entity);
        QVERIFY(contains(*entity, "Content-Type: application/octet-stream; name=m.eml\r\n"));
    }
}

void tst_MimeBuilder::entityIsReservedOnce() {
    const std::vector<LoadedAttachment> attachments = {
        {"a.bin", "application/octet-stream", std::string(3'000'000, 'a')},
        {"b.bin", "application/octet-stream", std::string(1'000'001, 'b')}};
    const auto entity = buildEntity("t", attachments, HeaderProtection::None, {});
    QVERIFY(entity);
    QVERIFY(entity->capacity() - entity->size() < 64);
}

void tst_MimeBuilder::protectedHeadersNone() {
    const auto entity = buildEntity("t", {}, HeaderProtection::None, headersFor("true subject"));
    QVERIFY(entity && entity->starts_with("Content-Type: text/plain"));
    QVERIFY(!contains(*entity, "true subject") && !contains(*entity, "hp="));
}

void tst_MimeBuilder::protectedHeadersClear() {
    const auto headers = headersFor("true subject");
    for (const bool attached : {false, true}) {
        std::vector<LoadedAttachment> attachments;
        if (attached) {
            attachments.push_back({"a.txt", "text/plain", "a"});
        }
        const auto entity = buildEntity("t", attachments, HeaderProtection::Clear, headers);
        QVERIFY(entity);
        const auto head = entity->substr(0, entity->find("\r\n\r\n"));
        //= RFC 9788 §2.1.1
        QVERIFY(contains(head, "hp=clear"));
        QVERIFY(contains(head, "Subject: true subject\r\n"));
        QVERIFY(contains(head, "Message-ID: <abc@court.example>\r\n"));
        QVERIFY(!contains(*entity, "HP-Outer") && !contains(*entity, "hp-legacy-display"));
        QVERIFY(!contains(entity->substr(head.size()), "hp="));
    }
}

void tst_MimeBuilder::protectedHeadersCipher() {
    const auto headers = headersFor("true subject");
    const auto entity =
        buildEntity("t", {{"a.txt", "text/plain", "a"}}, HeaderProtection::Cipher, headers);
    QVERIFY(entity);
    const auto head = entity->substr(0, entity->find("\r\n\r\n"));
    QVERIFY(contains(head, "hp=cipher"));
    QVERIFY(contains(head, "\r\nSubject: true subject\r\n"));
    //= RFC 9788 §2.2
    QVERIFY(contains(head, "HP-Outer: Subject: [...]\r\n"));
    QVERIFY(contains(head, "HP-Outer: Message-ID: <abc@court.example>\r\n"));
    QVERIFY(contains(head, "HP-Outer: Date: Mon, 23 Nov 2026 09:02:00 +0000\r\n"));
    QVERIFY(contains(head, "HP-Outer: To: ") && contains(head, "HP-Outer: From: "));
    QVERIFY(!contains(head, "HP-Outer: Subject: true"));
    //= RFC 9788 §2.1.2
    QVERIFY(contains(*entity, "hp-legacy-display=1"));
    QVERIFY(contains(*entity, "\r\n\r\nSubject: true subject\r\n\r\nt\r\n"));
    QVERIFY(isCanonical(*entity, 998));
}

void tst_MimeBuilder::signedFrame() {
    const auto headers = headersFor("x");
    const auto entity = buildEntity("text", {{"a.bin", "application/octet-stream", "bin"}},
                                    HeaderProtection::None, {});
    const std::string signature(300, '\x30');
    const auto frame = multipartSignedFrame(*entity, signature, "sha-256");
    QVERIFY(contains(frame.before, "micalg=sha-256"));
    QVERIFY(contains(frame.before, "protocol=\"application/pkcs7-signature\""));
    QVERIFY(isCanonical(frame.before, 78) && isCanonical(frame.after, 78));
    const auto read = readMessage(headerBlock(headers) + frame.before + *entity + frame.after);
    QVERIFY(read);
    QCOMPARE(read->parts.size(), std::size_t{3});
    QCOMPARE(read->parts[0].content, std::string("text\r\n"));
    QCOMPARE(read->parts[2].mediaType, std::string("application/pkcs7-signature"));
    QCOMPARE(read->parts[2].fileName, std::string("smime.p7s"));
    QVERIFY(read->parts[2].content == signature);
}

void tst_MimeBuilder::envelopedHeader() {
    const auto read =
        readMessage(headerBlock(headersFor("[...]")) + envelopedDataHeader() + "AAECAw==\r\n");
    QVERIFY(read);
    QCOMPARE(read->parts.size(), std::size_t{1});
    QCOMPARE(read->parts[0].mediaType, std::string("application/pkcs7-mime"));
    QCOMPARE(read->parts[0].fileName, std::string("smime.p7m"));
    QCOMPARE(read->parts[0].content, std::string("\0\1\2\3", 4));
    QVERIFY(contains(envelopedDataHeader(), "smime-type=enveloped-data"));
}

void tst_MimeBuilder::base64Streams() {
    for (const std::size_t size : {0, 1, 56, 57, 58, 114, 1000, 200'000}) {
        std::string bytes(size, '\0');
        for (std::size_t i = 0; i < size; ++i) {
            bytes[i] = static_cast<char>(i * 31);
        }
        for (const std::size_t step : {std::size_t{1}, std::size_t{13}, std::size_t{4096}}) {
            base::StringSink out;
            Base64Sink sink(out);
            for (std::size_t at = 0; at < size; at += step) {
                QVERIFY(sink.write(std::string_view(bytes).substr(at, step)));
            }
            QVERIFY(sink.finish());
            QVERIFY(size == 0 ? out.bytes().empty() : isCanonical(out.bytes(), 76));
            QVERIFY(QByteArray::fromBase64(QByteArray::fromStdString(out.bytes())) ==
                    QByteArray::fromStdString(bytes));
        }
    }
}

void tst_MimeBuilder::messageIds() {
    const auto id = newMessageId("court.example");
    QVERIFY(id.ends_with("@court.example"));
    QCOMPARE(id.find('@'), std::size_t{32});
    QVERIFY(id != newMessageId("court.example"));
}

void tst_MimeBuilder::manyThreads() {
    std::atomic<int> good = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&good, i] {
            for (int round = 0; round < 50; ++round) {
                const auto subject = "Żółć " + std::to_string(i) + ' ' + std::to_string(round);
                const auto read = readMessage(headerBlock(headersFor(subject)) + "\r\nx\r\n");
                good += read && read->subject == subject ? 1 : 0;
            }
        });
    }
    threads.clear();
    QCOMPARE(good.load(), 200);
}

QTEST_APPLESS_MAIN(tst_MimeBuilder)
#include "tst_MimeBuilder.moc"
