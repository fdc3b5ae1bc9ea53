// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DotStuffer.h"

#include <QtTest>

using namespace sealpost;

class tst_DotStuffer : public QObject {
    Q_OBJECT
private slots:
    void stuffsHoweverItIsCut_data();
    void stuffsHoweverItIsCut();
    void refuses_data();
    void refuses();
};

void tst_DotStuffer::stuffsHoweverItIsCut_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("rfc5321-4.5.2-dot-at-start-of-line")
        << QByteArray("a\r\n.b\r\n") << QByteArray("a\r\n..b\r\n.\r\n");
    QTest::newRow("rfc5321-4.5.2-dot-alone")
        << QByteArray("a\r\n.\r\nb\r\n") << QByteArray("a\r\n..\r\nb\r\n.\r\n");
    QTest::newRow("dot as the first octet") << QByteArray(".\r\n") << QByteArray("..\r\n.\r\n");
    QTest::newRow("several dots") << QByteArray("...\r\n") << QByteArray("....\r\n.\r\n");
    QTest::newRow("dots within a line") << QByteArray("a.b.\r\n") << QByteArray("a.b.\r\n.\r\n");
    QTest::newRow("last line without CRLF") << QByteArray("a") << QByteArray("a\r\n.\r\n");
    QTest::newRow("nothing at all") << QByteArray() << QByteArray(".\r\n");
    QTest::newRow("line of 998 octets with a dot to stuff")
        << QByteArray("." + QByteArray(997, 'x') + "\r\n")
        << QByteArray(".." + QByteArray(997, 'x') + "\r\n.\r\n");
}

void tst_DotStuffer::stuffsHoweverItIsCut() {
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, wire);
    for (int size = 1; size <= message.size() + 1; ++size) {
        net::DotStuffer stuffer;
        std::string out;
        for (int at = 0; at < message.size(); at += size) {
            const auto piece = stuffer.add(message.mid(at, size).toStdString());
            QVERIFY(piece.has_value());
            out += *piece;
        }
        const auto last = stuffer.finish();
        QVERIFY(last.has_value());
        QCOMPARE(QByteArray::fromStdString(out + *last), wire);
    }
}

void tst_DotStuffer::refuses_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("code");
    const QString bare = QStringLiteral("smtp.bare-newline");
    QTest::newRow("rfc5321-2.3.8-bare-lf") << QByteArray("a\nb") << bare;
    QTest::newRow("rfc5321-2.3.8-bare-cr") << QByteArray("a\rb") << bare;
    QTest::newRow("rfc5321-2.3.8-cr-cr-lf") << QByteArray("a\r\r\n") << bare;
    QTest::newRow("smuggling: LF . LF") << QByteArray("a\n.\nMAIL FROM:<x@y>") << bare;
    QTest::newRow("smuggling: LF . CRLF") << QByteArray("a\n.\r\nMAIL FROM:<x@y>") << bare;
    QTest::newRow("CR at the very end") << QByteArray("a\r") << bare;
    QTest::newRow("rfc5321-4.5.3.1.6-long-line")
        << QByteArray(999, 'x') << QStringLiteral("smtp.line-too-long");
    QTest::newRow("rfc5321-2.4-octet-above-127")
        << QByteArray("caf\xc3\xa9\r\n") << QStringLiteral("smtp.not-7bit");
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QStringLiteral("smtp.not-7bit");
}

void tst_DotStuffer::refuses() {
    QFETCH(QByteArray, message);
    QFETCH(QString, code);
    for (const int size : {1, 1000}) {
        net::DotStuffer stuffer;
        std::string seen;
        for (int at = 0; at < message.size() && seen.empty(); at += size) {
            const auto piece = stuffer.add(message.mid(at, size).toStdString());
            seen = piece ? "" : piece.error().code;
        }
        if (seen.empty()) {
            const auto last = stuffer.finish();
            seen = last ? "" : last.error().code;
        }
        QCOMPARE(QString::fromStdString(seen), code);
    }
}

QTEST_GUILESS_MAIN(tst_DotStuffer)
#include "tst_DotStuffer.moc"
