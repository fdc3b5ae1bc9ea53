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

//! The entity's bytes.
Result<std::string> buildEntity(std::string_view text, std::vector<LoadedAttachment> attachments,
                                const EntityOptions &options) {
    std::vector<AttachmentPart> parts;
    for (auto &attachment : attachments) {
        parts.push_back(partOf(std::move(attachment)));
    }
    return Entity::build(text, std::move(parts), options)
        .and_then([](const Entity &entity) -> Result<std::string> {
            base::StringSink out;
            return entity.writeTo(out).transform([&] { return out.take(); });
        });
}

Result<std::string> buildEntity(std::string_view text, std::vector<LoadedAttachment> attachments,
                                HeaderProtection protection, const MessageHeaders &headers) {
    EntityOptions options;
    options.protection = protection;
    options.headers = headers;
    return buildEntity(text, std::move(attachments), options);
}

//! Everything in front of the first empty line.
std::string headOf(const std::string &entity) {
    return entity.substr(0, entity.find("\r\n\r\n") + 2);
}

//! The values of a field in a header section, unfolded.
std::vector<std::string> valuesOf(const std::string &head, const std::string &field) {
    auto unfolded = head;
    for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ")) {
        unfolded.erase(at, 2);
    }
    std::vector<std::string> values;
    for (const auto &line : base::split(unfolded, '\n')) {
        if (line.starts_with(field + ": ")) {
            values.emplace_back(base::trimmed(line.substr(field.size() + 2)));
        }
    }
    return values;
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
    void attachmentsAreReadWhenWritten();
    void boundariesCanBeGiven();
    void protectedHeadersNone();
    void protectedHeadersClear();
    void protectedHeadersCipher();
    void hiddenHeaders_data();
    void hiddenHeaders();
    void legacyDisplayElement();
    void rfc9788SampleFields();
    void signedFrame();
    void pkcs7MimeHeaders();
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

void tst_MimeBuilder::attachmentsAreReadWhenWritten() {
    const std::string piece(100'000, 'a');
    int reads = 0;
    const AttachmentPart large{"a.bin", "application/octet-stream",
                               [&](base::ByteSink &out) -> Result<void> {
                                   ++reads;
                                   for (int i = 0; i < 10; ++i) {
                                       if (auto done = out.write(piece); !done) {
                                           return done;
                                       }
                                   }
                                   return {};
                               }};
    const auto entity = Entity::build("t", {large}, {});
    QVERIFY(entity);
    QCOMPARE(reads, 0);
    base::StringSink first;
    base::StringSink second;
    QVERIFY(entity->writeTo(first) && entity->writeTo(second));
    QCOMPARE(reads, 2);
    QVERIFY(first.bytes() == second.bytes());
    const auto read = readMessage(messageOf(headersFor("x"), first.bytes()));
    QCOMPARE(read->parts.at(1).content.size(), std::size_t{1'000'000});

    const AttachmentPart broken{"b.bin", "text/plain", [](base::ByteSink &) -> Result<void> {
                                    return fail("attachment.changed", "t", Reaction::FixInput);
                                }};
    base::StringSink third;
    const auto failed = Entity::build("t", {broken}, {})->writeTo(third);
    QVERIFY(!failed && failed.error().code == "attachment.changed");
}

void tst_MimeBuilder::boundariesCanBeGiven() {
    EntityOptions options;
    options.boundary = [] { return std::string("=_fixed"); };
    const std::vector<LoadedAttachment> attachments = {{"a.txt", "text/plain", "a"}};
    const auto entity = buildEntity("t", attachments, options);
    QVERIFY(entity && contains(*entity, "--=_fixed--\r\n"));
    QVERIFY(*entity == *buildEntity("t", attachments, options));
    options.boundary = newBoundary;
    QVERIFY(*buildEntity("t", attachments, options) != *buildEntity("t", attachments, options));
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

void tst_MimeBuilder::hiddenHeaders_data() {
    QTest::addColumn<HeaderHiding>("hiding");
    QTest::addColumn<QByteArray>("subject");
    QTest::addColumn<bool>("names");
    QTest::newRow("rfc9788-3.2.1-baseline")
        << HeaderHiding::Baseline << QByteArray("[...]") << true;
    QTest::newRow("rfc9788-3.2.2-shy") << HeaderHiding::Shy << QByteArray("[...]") << false;
    QTest::newRow("rfc9788-3.2.3-none") << HeaderHiding::None << QByteArray("true") << true;
}

//! What stands outside, what HP-Outer says of it, and what is true.
void tst_MimeBuilder::hiddenHeaders() {
    QFETCH(HeaderHiding, hiding);
    QFETCH(QByteArray, subject);
    QFETCH(bool, names);
    EntityOptions options;
    options.protection = HeaderProtection::Cipher;
    options.headers = headersFor("true");
    options.hiding = hiding;
    const auto entity = buildEntity("t", {}, options);
    QVERIFY(entity);
    const auto inner = headOf(*entity);
    const auto outer = headerBlock(outerHeaders(options.headers, hiding));
    QCOMPARE(valuesOf(outer, "Subject").at(0), subject.toStdString());
    QCOMPARE(contains(outer, "Bloggs"), names);
    QCOMPARE(contains(outer, "Zo"), names); // the encoded name of a recipient
    QVERIFY(contains(outer, "<jo@court.example>") || contains(outer, " jo@court.example"));
    QCOMPARE(valuesOf(inner, "Subject").at(0), std::string("true"));
    QVERIFY(contains(valuesOf(inner, "From").at(0), "Bloggs"));
    //= RFC 9788 §2.2
    for (const auto *field : {"From", "To", "Cc", "Subject", "Date", "Message-ID"}) {
        const std::vector<std::string> said = valuesOf(inner, std::string("HP-Outer: ") + field);
        QVERIFY2(said == valuesOf(outer, field), field);
    }
    QVERIFY(contains(inner, "hp=cipher"));
    QVERIFY(!contains(base::asciiLower(*entity), "bcc:"));
}

void tst_MimeBuilder::legacyDisplayElement() {
    EntityOptions options;
    options.protection = HeaderProtection::Cipher;
    options.headers = headersFor("true");
    const auto bodyOf = [&] {
        const auto entity = buildEntity("text", {}, options);
        const auto read = readMessage(messageOf(headersFor("x"), *entity));
        return std::pair(contains(headOf(*entity), "hp-legacy-display=1"), read->parts[0].content);
    };
    //= RFC 9788 §2.1.2
    QVERIFY(bodyOf() == std::pair(true, std::string("Subject: true\r\n\r\ntext\r\n")));
    options.hiding = HeaderHiding::Shy;
    QVERIFY(bodyOf() ==
            std::pair(true, std::string("Subject: true\r\n"
                                        "From: \"Bloggs, Jo \\\"JB\\\"\" <jo@court.example>\r\n"
                                        "To: Zoë Łukasz <zoe@police.example>, "
                                        "\"a b\"@police.example\r\n"
                                        "Cc: مرحبا 🎉 <al@bücher.example>\r\n\r\ntext\r\n")));
    options.hiding = HeaderHiding::None;
    QVERIFY(bodyOf() == std::pair(false, std::string("text\r\n")));
    options.hiding = HeaderHiding::Baseline;
    options.legacy = LegacyDisplay::Absent;
    QVERIFY(bodyOf() == std::pair(false, std::string("text\r\n")));
}

//! The fields of the sample messages of RFC 9788 appendix C (Alice to Bob, 20 Feb 2021), as far as
//! this builder writes them: one text part, encrypted with hcp_baseline and a Legacy Display
//! Element, and signed only.
void tst_MimeBuilder::rfc9788SampleFields() {
    EntityOptions options;
    options.headers.from = *Address::parse("Alice <alice@smime.example>");
    options.headers.to = {*Address::parse("Bob <bob@smime.example>")};
    options.headers.subject = "smime-signed-enc-hp-baseline-legacy";
    options.headers.date = base::fromIso8601("2021-02-20T15:07:02Z");
    options.headers.messageId = "smime-signed-enc-hp-baseline-legacy@example";
    options.protection = HeaderProtection::Cipher;
    const auto entity = buildEntity("This is the text.\n", {}, options);
    const auto head = headOf(*entity);
    const std::vector<std::string> outer = {"[...]"};
    QVERIFY(valuesOf(head, "HP-Outer: Subject") == outer);
    QCOMPARE(valuesOf(head, "HP-Outer: From").at(0), std::string("Alice <alice@smime.example>"));
    QCOMPARE(valuesOf(head, "HP-Outer: To").at(0), std::string("Bob <bob@smime.example>"));
    QCOMPARE(valuesOf(head, "HP-Outer: Date").at(0),
             std::string("Sat, 20 Feb 2021 15:07:02 +0000"));
    QCOMPARE(valuesOf(head, "HP-Outer: Message-ID").at(0),
             std::string("<smime-signed-enc-hp-baseline-legacy@example>"));
    QCOMPARE(valuesOf(head, "Content-Type").at(0),
             std::string("text/plain; charset=utf-8; hp-legacy-display=1; hp=cipher"));
    QVERIFY(entity->ends_with("\r\n\r\nSubject: smime-signed-enc-hp-baseline-legacy\r\n\r\n"
                              "This is the text.\r\n"));
    options.protection = HeaderProtection::Clear;
    const auto clear = buildEntity("This is the text.\n", {}, options);
    QCOMPARE(valuesOf(headOf(*clear), "Content-Type").at(0),
             std::string("text/plain; charset=utf-8; hp=clear"));
    QVERIFY(!contains(*clear, "HP-Outer"));
}

void tst_MimeBuilder::signedFrame() {
    const auto headers = headersFor("x");
    const auto entity = buildEntity("text", {{"a.bin", "application/octet-stream", "bin"}},
                                    HeaderProtection::None, {});
    const std::string signature(300, '\x30');
    const auto frame = multipartSignedFrame(signature, SmimeDigest::Sha384, newBoundary());
    QVERIFY(contains(frame.before, "micalg=sha-384"));
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

void tst_MimeBuilder::pkcs7MimeHeaders() {
    const auto read = readMessage(headerBlock(headersFor("[...]")) +
                                  pkcs7MimeHeader(Pkcs7Kind::EnvelopedData) + "AAECAw==\r\n");
    QVERIFY(read);
    QCOMPARE(read->parts.size(), std::size_t{1});
    QCOMPARE(read->parts[0].mediaType, std::string("application/pkcs7-mime"));
    QCOMPARE(read->parts[0].fileName, std::string("smime.p7m"));
    QCOMPARE(read->parts[0].content, std::string("\0\1\2\3", 4));
    //= RFC 8551 §3.2.2
    QVERIFY(contains(pkcs7MimeHeader(Pkcs7Kind::EnvelopedData), "smime-type=enveloped-data;"));
    QVERIFY(
        contains(pkcs7MimeHeader(Pkcs7Kind::AuthEnvelopedData), "smime-type=authEnveloped-data;"));
    QVERIFY(contains(pkcs7MimeHeader(Pkcs7Kind::SignedData), "smime-type=signed-data;"));
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
