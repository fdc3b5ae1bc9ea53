// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeReader.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::mail;

namespace {

constexpr std::string_view kNested = "From: =?utf-8?q?Zo=C3=AB?= <z@x.example>\r\n"
                                     "Subject: =?utf-8?b?xbvDs8WCxIc=?=\r\n"
                                     "Content-Type: multipart/mixed; boundary=outer\r\n"
                                     "\r\n"
                                     "--outer\r\n"
                                     "Content-Type: text/plain; charset=iso-8859-1\r\n"
                                     "Content-Transfer-Encoding: quoted-printable\r\n"
                                     "\r\n"
                                     "caf=E9\r\n"
                                     "--outer\r\n"
                                     "Content-Type: message/rfc822\r\n"
                                     "\r\n"
                                     "From: a@x.example\r\n"
                                     "Subject: =?utf-8?Q?inn=C3=A9r?=\r\n"
                                     "Content-Type: multipart/mixed; boundary=inner\r\n"
                                     "\r\n"
                                     "--inner\r\n"
                                     "Content-Type: application/octet-stream\r\n"
                                     "Content-Disposition: attachment;\r\n"
                                     " filename*=utf-8''caf%C3%A9.bin\r\n"
                                     "Content-Transfer-Encoding: base64\r\n"
                                     "\r\n"
                                     "AAECAw==\r\n"
                                     "--inner--\r\n"
                                     "--outer--\r\n";

} // namespace

class tst_MimeReader : public QObject {
    Q_OBJECT

private slots:
    void readsNested();
    void subjectOfPaddedWords();
    void readsWithoutContentType();
    void readsMbox();
    void unknownCharsetStaysAsItIs();
    void refusesNoMessage();
    void refusesTooDeep();
    void refusesTooManyParts();
    void survivesDamage();
    void looksLike_data();
    void looksLike();
};

void tst_MimeReader::readsNested() {
    const auto read = readMessage(kNested);
    QVERIFY(read);
    QCOMPARE(read->subject, std::string("Żółć"));
    QCOMPARE(read->from, std::string("Zoë <z@x.example>"));
    QCOMPARE(read->innerSubjects.size(), std::size_t{1});
    QCOMPARE(read->innerSubjects[0].path, std::string("2"));
    QCOMPARE(read->innerSubjects[0].text, std::string("innér"));
    QCOMPARE(read->parts.size(), std::size_t{2});
    QCOMPARE(read->parts[0].path, std::string("1"));
    QCOMPARE(read->parts[0].content, std::string("café"));
    QCOMPARE(read->parts[1].path, std::string("2.1.1"));
    QCOMPARE(read->parts[1].fileName, std::string("café.bin"));
    QCOMPARE(read->parts[1].content, std::string("\0\1\2\3", 4));
}

void tst_MimeReader::subjectOfPaddedWords() {
    const auto read = readMessage("Subject: =?utf-8?B?w7w=?=\r\n =?utf-8?B?w7w=?= a\r\n"
                                  " =?utf-8?q?b_?= =?utf-8?q?c?=\r\nTo: y\r\n\r\n");
    QVERIFY(read);
    QCOMPARE(QByteArray::fromStdString(read->subject), QByteArray("üü a b c"));
}

void tst_MimeReader::readsWithoutContentType() {
    const auto read = readMessage("Subject: x\nDate: y\n\nline one\nline two\n");
    QVERIFY(read);
    QCOMPARE(read->parts.size(), std::size_t{1});
    QCOMPARE(read->parts[0].mediaType, std::string("text/plain"));
    QCOMPARE(read->parts[0].content, std::string("line one\nline two\n"));
}

void tst_MimeReader::readsMbox() {
    const auto read = readMessage("From jo Mon Nov 23 10:00:00 2026\nSubject: x\nTo: y\n\nbody\n");
    QVERIFY(read);
    QCOMPARE(read->subject, std::string("x"));
    QVERIFY(read->parts.at(0).content.starts_with("body"));
}

void tst_MimeReader::unknownCharsetStaysAsItIs() {
    const auto read =
        readMessage("Subject: x\nFrom: y\nContent-Type: text/plain; charset=klingon\n\nabc\xE9\n");
    QVERIFY(read);
    QCOMPARE(read->parts.at(0).content, std::string("abc\xE9\n"));
}

void tst_MimeReader::refusesNoMessage() {
    for (const std::string_view text : {"", "hello", "key: value\nother: value\n"}) {
        const auto read = readMessage(text);
        QVERIFY(!read);
        QCOMPARE(read.error().code, std::string("mime.not-a-message"));
        QCOMPARE(read.error().reaction, Reaction::FixInput);
    }
}

void tst_MimeReader::refusesTooDeep() {
    std::string text = "From: a\r\nSubject: b\r\n";
    for (int i = 0; i < 60; ++i) {
        const auto boundary = "b" + std::to_string(i) + "x";
        text += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary +
                "\r\n";
    }
    const auto read = readMessage(text + "\r\nend\r\n");
    QVERIFY(!read);
    QCOMPARE(read.error().code, std::string("mime.too-deep"));
}

void tst_MimeReader::refusesTooManyParts() {
    std::string text = "From: a\r\nSubject: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 1'001; ++i) {
        text += "--b\r\n\r\nx\r\n";
    }
    const auto read = readMessage(text + "--b--\r\n");
    QVERIFY(!read);
    QCOMPARE(read.error().code, std::string("mime.too-many-parts"));
}

void tst_MimeReader::survivesDamage() {
    for (std::size_t size = 0; size < kNested.size(); ++size) {
        const auto read = readMessage(kNested.substr(0, size));
        QVERIFY(read || read.error().reaction == Reaction::FixInput);
    }
}

void tst_MimeReader::looksLike_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("expected");
    QTest::newRow("two-fields") << QByteArray("From: a\r\nTo: b\r\n\r\n") << true;
    QTest::newRow("folded") << QByteArray("Received: a\r\n\tby b\r\nX-A: c\r\n\r\nhi") << true;
    QTest::newRow("one-field") << QByteArray("From: a\r\n\r\nhi") << false;
    QTest::newRow("no-telling-field") << QByteArray("Host: a\r\nAccept: b\r\n\r\n") << false;
    QTest::newRow("prose-first") << QByteArray("Hello there\nFrom: a\nTo: b\n\n") << false;
    QTest::newRow("continuation-first") << QByteArray(" From: a\nTo: b\n\n") << false;
    QTest::newRow("mbox-line-only") << QByteArray("From ") << false;
}

void tst_MimeReader::looksLike() {
    QFETCH(QByteArray, text);
    QFETCH(bool, expected);
    QCOMPARE(looksLikeMessage(text.toStdString()), expected);
}

QTEST_APPLESS_MAIN(tst_MimeReader)
#include "tst_MimeReader.moc"
