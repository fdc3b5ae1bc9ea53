// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/IpNetwork.h"

#include <QTest>

using namespace sealpost;

class TstIpNetwork : public QObject {
    Q_OBJECT
private slots:
    void privateAddresses_data();
    void privateAddresses();
    void networks_data();
    void networks();
    void malformedNetworks_data();
    void malformedNetworks();
};

void TstIpNetwork::privateAddresses_data() {
    QTest::addColumn<bool>("isPrivate");
    const auto rows = [](bool isPrivate, std::initializer_list<const char *> literals) {
        for (const auto *literal : literals) {
            QTest::newRow(literal) << isPrivate;
        }
    };
    rows(true, {"0.0.0.0",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "100::1",
                "64:ff9b:1::1"});
    // What only wraps a private IPv4 address.
    rows(true, {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1",
                "2002:7f00:1::", "2002:a00:1::1"});
    rows(true, {"not an address", "", "10.0.0.1/8", "10.0.0"});
    rows(false, {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
                 "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
                 "198.20.0.0", "223.255.255.255", "192.0.2.1", "2001:db8::1", "2a00::1",
                 "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"});
}

void TstIpNetwork::privateAddresses() {
    QFETCH(bool, isPrivate);
    QCOMPARE(base::isPrivateAddress(QTest::currentDataTag()), isPrivate);
}

void TstIpNetwork::networks_data() {
    QTest::addColumn<QByteArray>("literal");
    QTest::addColumn<bool>("within");
    const auto row = [](const char *network, const char *literal, bool within) {
        QTest::addRow("%s in %s", literal, network) << QByteArray(literal) << within;
    };
    row("10.53.0.0/24", "10.53.0.255", true);
    row("10.53.0.0/24", "10.53.1.0", false);
    row("10.53.0.0/24", "::ffff:10.53.0.1", true);
    row("10.53.0.0/24", "fd00::1", false);
    row("172.16.0.0/12", "172.31.255.255", true);
    row("172.16.0.0/12", "172.32.0.0", false);
    row("192.0.2.7", "192.0.2.7", true);
    row("192.0.2.7", "192.0.2.8", false);
    row("fd00:1::/32", "fd00:1:ffff::1", true);
    row("fd00:1::/32", "fd00:2::1", false);
    row("0.0.0.0/0", "255.1.1.1", true);
    row("0.0.0.0/0", "::1", false);
    row("10.0.0.0/8", "rubbish", false);
}

void TstIpNetwork::networks() {
    QFETCH(QByteArray, literal);
    QFETCH(bool, within);
    const auto name = QByteArray(QTest::currentDataTag()).split(' ').constLast().toStdString();
    const auto network = base::IpNetwork::parse(name);
    QVERIFY(network.has_value());
    QCOMPARE(network->contains(literal.toStdString()), within);
    QCOMPARE(base::isWithin({*network}, literal.toStdString()), within);
    QVERIFY(base::IpNetwork::parse(network->text())->text() == network->text());
}

void TstIpNetwork::malformedNetworks_data() {
    QTest::addColumn<QByteArray>("text");
    for (const auto *text :
         {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
          "fd00::/129", "fd00::1/64", "10/8", "court.example", "10.0.0.0 /8", "10.0.0.0/8/8"}) {
        QTest::newRow(*text == '\0' ? "empty" : text) << QByteArray(text);
    }
}

void TstIpNetwork::malformedNetworks() {
    QFETCH(QByteArray, text);
    QVERIFY(!base::IpNetwork::parse(text.toStdString()));
}

QTEST_APPLESS_MAIN(TstIpNetwork)
#include "tst_IpNetwork.moc"
