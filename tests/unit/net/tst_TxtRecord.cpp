// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TxtRecord.h"

#include <QtTest>

using namespace sealpost;
using namespace std::string_literals;

class tst_TxtRecord : public QObject {
    Q_OBJECT
private slots:
    void pieces_data();
    void pieces();
    void damaged_data();
    void damaged();
    void longTextsAreCut();
    void recordsOfAnAnswer();
};

void tst_TxtRecord::pieces_data() {
    QTest::addColumn<QByteArray>("rdata");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("one") << QByteArray("\x03"
                                       "abc")
                         << QByteArray("abc");
    //= RFC 8461 §3.1, RFC 7208 §3.3: several strings are one text, without spaces between them.
    QTest::newRow("rfc8461-3.1-several") << QByteArray("\x02"
                                                       "ab\x01"
                                                       "c")
                                         << QByteArray("abc");
    QTest::newRow("empty string") << QByteArray("\0", 1) << QByteArray();
    QTest::newRow("any bytes") << QByteArray("\x02\xff\x00", 3) << QByteArray("\xff\x00", 2);
}

void tst_TxtRecord::pieces() {
    QFETCH(QByteArray, rdata);
    QFETCH(QByteArray, text);
    const auto parsed = net::txtFromWire(rdata.toStdString());
    QVERIFY(parsed.has_value());
    QCOMPARE(QByteArray::fromStdString(*parsed), text);
}

void tst_TxtRecord::damaged_data() {
    QTest::addColumn<QByteArray>("rdata");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("cut short") << QByteArray("\x04"
                                             "abc");
    QTest::newRow("second cut short") << QByteArray("\x01"
                                                    "a\xff"
                                                    "b");
}

void tst_TxtRecord::damaged() {
    QFETCH(QByteArray, rdata);
    QVERIFY(!net::txtFromWire(rdata.toStdString()));
}

void tst_TxtRecord::longTextsAreCut() {
    for (const std::size_t size : {0U, 1U, 255U, 256U, 700U}) {
        const std::string text(size, 'x');
        QCOMPARE(net::txtFromWire(net::encodeTxt(text)), std::optional(text));
    }
}

void tst_TxtRecord::recordsOfAnAnswer() {
    net::DnsAnswer answer;
    answer.rdata = {net::encodeTxt("one"), "\x09short"s, net::encodeTxt("two")};
    QCOMPARE(net::txtRecords(answer), (std::vector{"one"s, "two"s}));
}

QTEST_GUILESS_MAIN(tst_TxtRecord)
#include "tst_TxtRecord.moc"
