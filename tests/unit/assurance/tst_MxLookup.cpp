// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/MxLookup.h"

#include "assurance/WildcardMx.h"
#include "support/FakeResolver.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using assurance::MailHosts;
using net::DnsOutcome;
using net::DnsSecurity;
using net::DnsType;

namespace {
constexpr auto kDomain = "court.example";

MailHosts lookUp(test::FakeResolver &dns) {
    return assurance::lookUpMx(dns, kDomain, Deadline::after(1s), {});
}

const assurance::EvidenceItem &item(const MailHosts &hosts, const std::string &what) {
    for (const auto &one : hosts.evidence) {
        if (one.what == what) {
            return one;
        }
    }
    throw std::runtime_error("no evidence " + what);
}
} // namespace

class tst_MxLookup : public QObject {
    Q_OBJECT
private slots:
    void mxInOrder();
    void shapes_data();
    void shapes();
    void shapesAreRemarkedOn();
    void cnameIsSaid();
    void dnssecIsToldApart_data();
    void dnssecIsToldApart();
    void failedQuestionLeadsNowhere();
    void hostNamedTwiceIsOne();
    void thisComputerIsNobodysServer();
    void wildcard();
};

void tst_MxLookup::mxInOrder() {
    test::FakeResolver dns;
    dns.addMx(kDomain, {{20, "b.example"}, {10, "a.example"}});
    const auto hosts = lookUp(dns);
    QVERIFY(hosts.state == MailHosts::State::Found);
    QCOMPARE(hosts.hosts.size(), 2U);
    QCOMPARE(hosts.hosts[0].host, "a.example");
    QVERIFY(item(hosts, "mx").outcome == Evidence::Proven);
    QCOMPARE(item(hosts, "mx").detail, "10 a.example, 20 b.example");
}

void tst_MxLookup::shapes_data() {
    QTest::addColumn<std::function<void(test::FakeResolver &)>>("world");
    QTest::addColumn<int>("state");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("detail");
    using World = std::function<void(test::FakeResolver &)>;
    using State = MailHosts::State;
    const auto row = [](const char *name, const World &world, State state, const char *host,
                        const char *detail) {
        QTest::newRow(name) << world << static_cast<int>(state) << QByteArray(host)
                            << QByteArray(detail);
    };
    row(
        "rfc7505-3-null-mx",
        [](auto &dns) {
            dns.addMx(kDomain, {{0, ""}});
        },
        State::Undeliverable, "", "null MX");
    row(
        "rfc7505-3-null-mx-beside-others",
        [](auto &dns) {
            dns.addMx(kDomain, {{0, ""}, {10, "mx.example"}});
        },
        State::Found, "mx.example", "a null MX beside others");
    row(
        "localhost as MX",
        [](auto &dns) {
            dns.addMx(kDomain, {{0, "localhost"}});
        },
        State::Undeliverable, "", "localhost");
    row(
        "localhost beside others",
        [](auto &dns) {
            dns.addMx(kDomain, {{0, "localhost"}, {5, "mx.example"}});
        },
        State::Found, "mx.example", "localhost passed over");
    row(
        "rfc5321-5.1-implicit-mx", [](auto &dns) { dns.addAddresses(kDomain, {"192.0.2.1"}); },
        State::Found, kDomain, "implicit MX");
    row(
        "implicit MX by IPv6 alone", [](auto &dns) { dns.addAddresses(kDomain, {"2001:db8::1"}); },
        State::Found, kDomain, "implicit MX");
    row(
        "no such domain", [](auto &) {}, State::Undeliverable, "", "no such domain");
    row(
        "neither MX nor address",
        [](auto &dns) {
            for (const auto type : {DnsType::Mx, DnsType::A, DnsType::Aaaa}) {
                dns.addOutcome(kDomain, type, DnsOutcome::NoData);
            }
        },
        State::Undeliverable, "", "neither MX nor address");
    row(
        "no MX, and the address is not to be found out",
        [](auto &dns) {
            dns.addOutcome(kDomain, DnsType::Mx, DnsOutcome::NoData);
            dns.addOutcome(kDomain, DnsType::A, DnsOutcome::TempFailure);
            dns.addOutcome(kDomain, DnsType::Aaaa, DnsOutcome::NoData);
        },
        State::Unknown, "", "");
    row(
        "no MX, and the address is forged",
        [](auto &dns) {
            dns.addOutcome(kDomain, DnsType::Mx, DnsOutcome::NoData);
            dns.addOutcome(kDomain, DnsType::A, DnsOutcome::Bogus);
        },
        State::Unknown, "", "");
    row(
        "malformed records alone",
        [](auto &dns) {
            net::DnsAnswer answer;
            answer.outcome = DnsOutcome::Records;
            answer.rdata = {"\0\x0a\xc0\x0c"s};
            dns.add(kDomain, DnsType::Mx, answer);
        },
        State::Unknown, "", "malformed");
}

void tst_MxLookup::shapes() {
    using World = std::function<void(test::FakeResolver &)>;
    QFETCH(World, world);
    QFETCH(int, state);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, detail);
    test::FakeResolver dns;
    world(dns);
    const auto hosts = lookUp(dns);
    QCOMPARE(static_cast<int>(hosts.state), state);
    QCOMPARE(hosts.hosts.size(), host.isEmpty() ? 0U : 1U);
    if (!host.isEmpty()) {
        QCOMPARE(hosts.hosts[0].host, host.toStdString());
    }
    QVERIFY(item(hosts, "mx").detail.find(detail.toStdString()) != std::string::npos);
}

//! What people are told of the shape.
void tst_MxLookup::shapesAreRemarkedOn() {
    const auto remarks = [](const MailHosts &hosts) {
        std::vector<std::string> all;
        for (const auto &one : hosts.evidence) {
            if (one.what != "mx" && one.what != "mx-dnssec") {
                all.push_back(one.what + (one.detail.empty() ? "" : ":") + one.detail);
            }
        }
        return all;
    };
    using Remarks = std::vector<std::string>;
    const auto ofMx = [&](const std::vector<net::MxRecord> &records) {
        test::FakeResolver dns;
        dns.addMx(kDomain, records);
        return remarks(lookUp(dns));
    };
    QCOMPARE(ofMx({{10, "mx.example"}}), Remarks{});
    QCOMPARE(ofMx({{0, ""}}), Remarks{"mx-null:alone"});
    QCOMPARE(ofMx({{0, ""}, {10, "mx.example"}}), Remarks{"mx-null:beside others"});
    QCOMPARE(ofMx({{0, "localhost"}, {10, "mx.example"}}), Remarks{"mx-localhost"});
    test::FakeResolver addressAlone;
    addressAlone.addAddresses(kDomain, {"192.0.2.1"});
    QCOMPARE(remarks(lookUp(addressAlone)), Remarks{"mx-implicit"});
    test::FakeResolver nothing;
    QCOMPARE(remarks(lookUp(nothing)), Remarks{"mx-no-domain"});
}

void tst_MxLookup::cnameIsSaid() {
    test::FakeResolver dns;
    net::DnsAnswer answer;
    answer.outcome = DnsOutcome::Records;
    answer.canonicalName = "hosting.example";
    answer.rdata = {net::encodeMx({10, "mx.hosting.example"})};
    dns.add(kDomain, DnsType::Mx, answer);
    const auto hosts = lookUp(dns);
    QVERIFY(hosts.state == MailHosts::State::Found);
    QVERIFY(item(hosts, "mx").detail.ends_with("CNAME to hosting.example"));
    QCOMPARE(item(hosts, "mx-alias").detail, "hosting.example");
    QCOMPARE(hosts.domainNames, (std::vector<std::string>{kDomain, "hosting.example"}));
}

void tst_MxLookup::dnssecIsToldApart_data() {
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("security");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, DnsOutcome outcome, DnsSecurity security,
                        Evidence expected) {
        QTest::newRow(name) << static_cast<int>(outcome) << static_cast<int>(security)
                            << static_cast<int>(expected);
    };
    row("signed", DnsOutcome::NxDomain, DnsSecurity::Secure, Evidence::Proven);
    row("not signed", DnsOutcome::NxDomain, DnsSecurity::Insecure, Evidence::ProvenAbsent);
    row("forged", DnsOutcome::Bogus, DnsSecurity::Bogus, Evidence::Bogus);
    row("no answer", DnsOutcome::TempFailure, DnsSecurity::Insecure, Evidence::TempFailure);
}

void tst_MxLookup::dnssecIsToldApart() {
    QFETCH(int, outcome);
    QFETCH(int, security);
    QFETCH(int, expected);
    test::FakeResolver dns;
    dns.addOutcome(kDomain, DnsType::Mx, static_cast<DnsOutcome>(outcome),
                   static_cast<DnsSecurity>(security));
    const auto hosts = lookUp(dns);
    QCOMPARE(static_cast<int>(hosts.dnssec), expected);
    QCOMPARE(static_cast<int>(item(hosts, "mx-dnssec").outcome), expected);
}

void tst_MxLookup::failedQuestionLeadsNowhere() {
    for (const auto outcome : {DnsOutcome::TempFailure, DnsOutcome::Bogus}) {
        test::FakeResolver dns;
        dns.addAddresses(kDomain, {"192.0.2.1"});
        dns.addOutcome(kDomain, DnsType::Mx, outcome);
        const auto hosts = lookUp(dns);
        QVERIFY(hosts.state == MailHosts::State::Unknown);
        QVERIFY(hosts.hosts.empty());
        QCOMPARE(dns.queries(), 1);
    }
}

void tst_MxLookup::hostNamedTwiceIsOne() {
    test::FakeResolver dns;
    dns.addMx(kDomain, {{20, "mx.example"}, {10, "MX.Example"}, {30, "b.example"}});
    const auto hosts = lookUp(dns);
    QCOMPARE(hosts.hosts.size(), 2U);
    QCOMPARE(hosts.hosts[0].host, "mx.example");
    QCOMPARE(hosts.hosts[0].preference, 10);
}

void tst_MxLookup::thisComputerIsNobodysServer() {
    test::FakeResolver dns;
    for (const auto *domain : {"localhost", "mail.localhost"}) {
        const auto hosts = assurance::lookUpMx(dns, domain, Deadline::after(1s), {});
        QVERIFY(hosts.state == MailHosts::State::Undeliverable);
    }
    QCOMPARE(dns.queries(), 0);
}

void tst_MxLookup::wildcard() {
    class Wildcard final : public net::DnsResolver {
    public:
        net::DnsAnswer query(const std::string &name, DnsType, Deadline, std::stop_token) override {
            net::DnsAnswer answer;
            answer.outcome =
                name.ends_with(".wild.example") ? DnsOutcome::Records : DnsOutcome::NxDomain;
            return answer;
        }
    } dns;
    const auto look = [&](const std::string &domain) {
        return assurance::lookUpWildcard(dns, domain, Deadline::after(1s), {});
    };
    const auto any = look("any.wild.example");
    QVERIFY(any && any->outcome == Evidence::Proven);
    QCOMPARE(any->what, "mx-wildcard");
    QCOMPARE(any->detail, "*.wild.example");
    QVERIFY(look("mail.tame.example")->outcome == Evidence::ProvenAbsent);
    QVERIFY(!look("court.example"));
    QVERIFY(!look("example"));
    QVERIFY(!look("a." + std::string(60, 'b') + "." + std::string(60, 'c') + "." +
                  std::string(60, 'd') + "." + std::string(50, 'e') + ".example"));
}

QTEST_GUILESS_MAIN(tst_MxLookup)
#include "tst_MxLookup.moc"
