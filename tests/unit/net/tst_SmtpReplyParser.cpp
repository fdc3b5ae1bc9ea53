// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SmtpReplyParser.h"

#include <QtTest>

using namespace sealpost;
using net::SmtpReply;
using net::SmtpReplyParser;

class tst_SmtpReplyParser : public QObject {
    Q_OBJECT
private slots:
    void readsHoweverItIsCut_data();
    void readsHoweverItIsCut();
    void refuses_data();
    void refuses();
    void atTheLimits();
    void pending();
    void categories();
    void textIsShort();
};

void tst_SmtpReplyParser::readsHoweverItIsCut_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("enhanced");
    const auto row = [](const char *name, const char *wire, const char *text,
                        const char *enhanced = "") {
        QTest::newRow(name) << QByteArray(wire) << QString::fromUtf8(text)
                            << QString::fromUtf8(enhanced);
    };
    row("rfc5321-4.2-one-line", "220 mx.example ESMTP\r\n", "220 mx.example ESMTP");
    row("rfc5321-4.2.1-several-lines", "250-mx\r\n250-SIZE 10\r\n250 OK\r\n", "250 mx SIZE 10 OK");
    row("rfc5321-4.2-code-alone", "250\r\n", "250 ");
    row("code and space alone", "354 \r\n", "354 ");
    row("LF alone ends a line", "250-a\n250 b\n", "250 a b");
    row("rfc3463-2-enhanced-code", "550 5.7.1 no\r\n", "550 5.7.1 no", "5.7.1");
    row("enhanced code alone", "250 2.0.0\r\n", "250 2.0.0", "2.0.0");
    row("no enhanced code: 3.0.0", "250 3.0.0 ok\r\n", "250 3.0.0 ok");
    row("no enhanced code: an address", "250 192.0.2.1 ok\r\n", "250 192.0.2.1 ok");
    row("no enhanced code: long number", "550 5.7777.1 no\r\n", "550 5.7777.1 no");
    row("UTF-8 kept", "550 Empf\xc3\xa4nger\r\n", "550 Empf\xc3\xa4nger");
    row("broken UTF-8 made printable",
        "550 a\xff"
        "b\r\n",
        "550 a?b");
    row("escape sequence made printable", "550 a\x1b[2Jb\r\n", "550 a?[2Jb");
    row("CR within a line made printable", "550 a\rb\r\n", "550 a?b");
    row("tab becomes a space", "550 a\tb\r\n", "550 a b");
}

void tst_SmtpReplyParser::readsHoweverItIsCut() {
    QFETCH(QByteArray, wire);
    QFETCH(QString, text);
    QFETCH(QString, enhanced);
    for (int size = 1; size <= wire.size(); ++size) {
        SmtpReplyParser parser;
        std::optional<SmtpReply> reply;
        for (int at = 0; at < wire.size(); at += size) {
            QVERIFY(!reply);
            parser.feed(wire.mid(at, size).toStdString());
            auto next = parser.next();
            QVERIFY(next.has_value());
            reply = std::move(*next);
        }
        QVERIFY(reply.has_value());
        QCOMPARE(QString::fromStdString(reply->text()), text);
        QCOMPARE(QString::fromStdString(reply->enhanced), enhanced);
        QVERIFY(!parser.hasPending());
    }
}

void tst_SmtpReplyParser::refuses_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QString>("code");
    const auto garbage = QStringLiteral("smtp.garbage");
    const auto endless = QStringLiteral("smtp.endless");
    QTest::newRow("rfc5321-4.2-no-code") << QByteArray("hello\r\n") << garbage;
    QTest::newRow("empty line") << QByteArray("\r\n") << garbage;
    QTest::newRow("two digits") << QByteArray("25\r\n") << garbage;
    QTest::newRow("four digits") << QByteArray("2500 OK\r\n") << garbage;
    QTest::newRow("first digit 1") << QByteArray("150 wait\r\n") << garbage;
    QTest::newRow("first digit 6") << QByteArray("650 what\r\n") << garbage;
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n") << garbage;
    QTest::newRow("TLS record") << QByteArray("\x15\x03\x03\0\x02\x02\n", 7) << garbage;
    QTest::newRow("rfc5321-4.2.1-codes-differ") << QByteArray("250-a\r\n550 b\r\n") << garbage;
    QTest::newRow("code breaks off") << QByteArray("250-a\r\nSIZE 10\r\n") << garbage;
    QTest::newRow("line without end") << QByteArray(2049, '2') << endless;
    QTest::newRow("long line") << QByteArray("250 " + QByteArray(2048, 'x') + "\r\n") << endless;
    QTest::newRow("lines without end") << QByteArray("250-x\r\n").repeated(129) << endless;
    QTest::newRow("64 KiB of long lines")
        << QByteArray("250-" + QByteArray(2000, 'x') + "\r\n").repeated(40) << endless;
}

void tst_SmtpReplyParser::refuses() {
    QFETCH(QByteArray, wire);
    QFETCH(QString, code);
    for (const int size : {1, 7, static_cast<int>(wire.size())}) {
        SmtpReplyParser parser;
        std::string seen;
        for (int at = 0; at < wire.size() && seen.empty(); at += size) {
            parser.feed(wire.mid(at, size).toStdString());
            const auto next = parser.next();
            QVERIFY(!next || !*next);
            seen = next ? "" : next.error().code;
        }
        QCOMPARE(QString::fromStdString(seen), code);
    }
}

void tst_SmtpReplyParser::atTheLimits() {
    SmtpReplyParser parser;
    std::string wire;
    for (int i = 0; i < 127; ++i) {
        wire += "250-x\r\n";
    }
    parser.feed(wire + "250 " + std::string(2040, 'y') + "\r\n");
    const auto reply = parser.next();
    QVERIFY(reply && *reply);
    QCOMPARE((*reply)->lines.size(), 128U);
}

void tst_SmtpReplyParser::pending() {
    SmtpReplyParser parser;
    parser.feed("220 go ahead\r\n250 injected\r\n");
    const auto first = parser.next();
    QVERIFY(first && *first);
    QCOMPARE((*first)->code, 220);
    QVERIFY(parser.hasPending());
    parser.discardPending();
    QVERIFY(!parser.hasPending());
    const auto second = parser.next();
    QVERIFY(second && !*second);
}

void tst_SmtpReplyParser::categories() {
    const auto reply = [](int code) {
        SmtpReply made;
        made.code = code;
        return made;
    };
    QVERIFY(reply(250).positive() && reply(354).positive());
    QVERIFY(!reply(450).positive() && reply(450).transientNegative());
    QVERIFY(!reply(550).transientNegative() && reply(550).permanentNegative());
}

void tst_SmtpReplyParser::textIsShort() {
    SmtpReply reply;
    reply.code = 550;
    reply.lines = {std::string(505, 'x') + "\xc3\xa9\xc3\xa9\xc3\xa9", "more"};
    const auto text = reply.text();
    QVERIFY(text.size() <= 512);
    QVERIFY(QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8());
    QVERIFY(text.ends_with("…"));
}

QTEST_GUILESS_MAIN(tst_SmtpReplyParser)
#include "tst_SmtpReplyParser.moc"
