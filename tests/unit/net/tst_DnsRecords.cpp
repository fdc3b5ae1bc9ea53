// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/IpAddress.h"
#include "net/DnsResolver.h"
#include "net/HostLookup.h"
#include "support/FakeResolver.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using net::DnsOutcome;
using net::DnsType;

class tst_DnsRecords : public QObject {
    Q_OBJECT
private slots:
    void malformedMxIsLeftOut_data();
    void malformedMxIsLeftOut();
    void mxSortedAndLowerCase();
    void nullMx();
    void mxRoundTrip();
    void addresses_data();
    void addresses();
    void malformedAddressIsLeftOut();
    void ipLiterals_data();
    void ipLiterals();
    void evidenceOfOutcomes();
    void hostLookup();
};

void tst_DnsRecords::malformedMxIsLeftOut_data() {
    QTest::addColumn<QByteArray>("rdata");
    const auto row = [](const char *name, const std::string &rdata) {
        QTest::newRow(name) << QByteArray::fromStdString(rdata);
    };
    row("empty", "");
    row("preference alone", "\0\x0a"s);
    row("half a preference", "\0"s);
    row("name without its end", "\0\x0a\x03mx1"s);
    row("label longer than the rest", "\0\x0a\x09mx1\0"s);
    row("compression pointer", "\0\x0a\xc0\x0c"s);
    row("label over 63 octets", "\0\x0a\x40"s + std::string(64, 'a') + "\0"s);
    row("octets after the name", "\0\x0a\x03mx1\0x"s);
    row("dot within a label", "\0\x0a\x05mx.gb\0"s);
    row("line break within a label", "\0\x0a\x05mx\r\ny\0"s);
    row("NUL within a label", "\0\x0a\x03m\0x\0"s);
    row("space within a label", "\0\x0a\x03m x\0"s);
    std::string tooLong = "\0\x0a"s;
    for (int i = 0; i < 5; ++i) {
        tooLong += '\x3f' + std::string(63, 'a');
    }
    row("name over 255 octets", tooLong + "\0"s);
}

void tst_DnsRecords::malformedMxIsLeftOut() {
    QFETCH(QByteArray, rdata);
    net::DnsAnswer answer;
    answer.outcome = DnsOutcome::Records;
    answer.rdata = {rdata.toStdString(), net::encodeMx({20, "good.example"})};
    const auto records = net::mxRecords(answer);
    QCOMPARE(records.size(), 1U);
    QCOMPARE(records[0].host, "good.example");
    QCOMPARE(records[0].preference, 20);
}

void tst_DnsRecords::mxSortedAndLowerCase() {
    net::DnsAnswer answer;
    answer.rdata = {net::encodeMx({300, "B.Example"}), net::encodeMx({10, "second.example"}),
                    net::encodeMx({10, "first.example"})};
    const auto records = net::mxRecords(answer);
    QCOMPARE(records.size(), 3U);
    QCOMPARE(records[0].host, "second.example"); // the answer's order within one preference
    QCOMPARE(records[1].host, "first.example");
    QCOMPARE(records[2].host, "b.example");
    QCOMPARE(records[2].preference, 300);
}

void tst_DnsRecords::nullMx() {
    net::DnsAnswer answer;
    answer.rdata = {"\0\0\0"s};
    const auto records = net::mxRecords(answer);
    QCOMPARE(records.size(), 1U);
    QVERIFY(records[0].host.empty());
}

void tst_DnsRecords::mxRoundTrip() {
    QCOMPARE(net::encodeMx({10, "mx1.a.example"}), "\0\x0a\x03mx1\x01"s + "a\x07"s + "example\0"s);
    QCOMPARE(net::encodeMx({0, ""}), "\0\0\0"s);
}

void tst_DnsRecords::addresses_data() {
    QTest::addColumn<QString>("literal");
    QTest::newRow("IPv4") << "192.0.2.1";
    QTest::newRow("IPv6") << "2001:db8::1";
    QTest::newRow("IPv6 loopback") << "::1";
}

void tst_DnsRecords::addresses() {
    QFETCH(QString, literal);
    net::DnsAnswer answer;
    answer.rdata = {net::encodeAddress(literal.toStdString())};
    QCOMPARE(net::addressRecords(answer), std::vector{literal.toStdString()});
}

void tst_DnsRecords::malformedAddressIsLeftOut() {
    net::DnsAnswer answer;
    answer.rdata = {"", "abc", "abcde", std::string(17, 'x'), "\x7f\0\0\x01"s};
    QCOMPARE(net::addressRecords(answer), std::vector{"127.0.0.1"s});
}

void tst_DnsRecords::ipLiterals_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    QTest::newRow("IPv4") << QByteArray("127.0.0.1") << true;
    QTest::newRow("IPv6") << QByteArray("fe80::1") << true;
    QTest::newRow("host name") << QByteArray("mx.example") << false;
    QTest::newRow("three numbers") << QByteArray("127.0.1") << false;
    QTest::newRow("octet too large") << QByteArray("127.0.0.256") << false;
    QTest::newRow("brackets") << QByteArray("[::1]") << false;
    QTest::newRow("zone") << QByteArray("fe80::1%lo") << false;
    QTest::newRow("NUL after it") << QByteArray("127.0.0.1\0x", 11) << false;
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("very long") << QByteArray(100, '1') << false;
}

void tst_DnsRecords::ipLiterals() {
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QCOMPARE(base::octetsFromIpLiteral(text.toStdString()).has_value(), valid);
}

void tst_DnsRecords::evidenceOfOutcomes() {
    const auto evidence = [](DnsOutcome outcome) {
        net::DnsAnswer answer;
        answer.outcome = outcome;
        return answer.evidence();
    };
    QVERIFY(evidence(DnsOutcome::Records) == Evidence::Proven);
    QVERIFY(evidence(DnsOutcome::NoData) == Evidence::ProvenAbsent);
    QVERIFY(evidence(DnsOutcome::NxDomain) == Evidence::ProvenAbsent);
    QVERIFY(evidence(DnsOutcome::Bogus) == Evidence::Bogus);
    QVERIFY(evidence(DnsOutcome::TempFailure) == Evidence::TempFailure);
}

void tst_DnsRecords::hostLookup() {
    test::FakeResolver dns;
    dns.addAddresses("both.example", {"2001:db8::1", "192.0.2.1"});
    dns.addOutcome("forged.example", DnsType::A, DnsOutcome::Bogus);
    dns.addOutcome("forged.example", DnsType::Aaaa, DnsOutcome::NoData);
    dns.addAddresses("half.example", {"192.0.2.2"});
    dns.addOutcome("half.example", DnsType::Aaaa, DnsOutcome::TempFailure);
    const auto lookUp = [&](const std::string &host) {
        return net::lookUpHost(dns, host, Deadline::after(1s), {});
    };
    QCOMPARE(lookUp("both.example").addresses, (std::vector{"2001:db8::1"s, "192.0.2.1"s}));
    QCOMPARE(lookUp("forged.example").outcome, DnsOutcome::Bogus);
    QVERIFY(lookUp("forged.example").addresses.empty());
    QCOMPARE(lookUp("half.example").outcome, DnsOutcome::Records);
    QCOMPARE(lookUp("half.example").addresses, std::vector{"192.0.2.2"s});
    QCOMPARE(lookUp("missing.example").outcome, DnsOutcome::NxDomain);
    const int before = dns.queries();
    QCOMPARE(lookUp("localhost").addresses, std::vector{"127.0.0.1"s});
    QCOMPARE(lookUp("2001:db8::7").addresses, std::vector{"2001:db8::7"s});
    QCOMPARE(dns.queries(), before);
}

QTEST_GUILESS_MAIN(tst_DnsRecords)
#include "tst_DnsRecords.moc"
