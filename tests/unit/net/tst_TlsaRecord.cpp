// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TlsaRecord.h"

#include <QtTest>

using namespace sealpost;
using namespace std::string_literals;

class tst_TlsaRecord : public QObject {
    Q_OBJECT
private slots:
    void parses();
    void tooShort_data();
    void tooShort();
    void valuesAreKept();
    void recordsOfAnAnswer();
};

void tst_TlsaRecord::parses() {
    const auto record = net::tlsaFromWire("\x03\x01\x01"s + std::string(32, 'd'));
    QVERIFY(record.has_value());
    QVERIFY(*record == (crypto::TlsaRecord{3, 1, 1, std::string(32, 'd')}));
}

void tst_TlsaRecord::tooShort_data() {
    QTest::addColumn<QByteArray>("rdata");
    QTest::newRow("rfc6698-2.1-nothing") << QByteArray();
    QTest::newRow("rfc6698-2.1-usage alone") << QByteArray("\x03");
    QTest::newRow("rfc6698-2.1-no data") << QByteArray("\x03\x01\x01");
}

void tst_TlsaRecord::tooShort() {
    QFETCH(QByteArray, rdata);
    QVERIFY(!net::tlsaFromWire(rdata.toStdString()));
}

void tst_TlsaRecord::valuesAreKept() {
    // Which values are usable is the verifier's to say; high ones must not turn negative.
    const auto rdata = "\xff\xfe\xfd\x00\x80"s;
    const auto record = net::tlsaFromWire(rdata);
    QVERIFY(record.has_value());
    QVERIFY(*record == (crypto::TlsaRecord{255, 254, 253, "\x00\x80"s}));
    QCOMPARE(net::encodeTlsa(*record), rdata);
}

void tst_TlsaRecord::recordsOfAnAnswer() {
    net::DnsAnswer answer;
    answer.rdata = {"\x03\x01\x01x"s, "\x03"s, "\x02\x00\x01y"s};
    const auto records = net::tlsaRecords(answer);
    QCOMPARE(records.size(), 2U);
    QCOMPARE(records.at(0).data, "x");
    QCOMPARE(static_cast<int>(records.at(1).usage), 2);
}

QTEST_GUILESS_MAIN(tst_TlsaRecord)
#include "tst_TlsaRecord.moc"
