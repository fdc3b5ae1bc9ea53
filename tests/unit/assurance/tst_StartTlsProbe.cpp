// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/StartTlsProbe.h"

#include "base/Text.h"
#include "support/FakeResolver.h"
#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using test::Dialogue;
using test::Pacing;
using test::ScriptedServer;

Q_DECLARE_METATYPE(sealpost::test::Pacing)

namespace {
constexpr auto kHost = "mx.court.example";

assurance::ProbeResult probe(Port port, std::chrono::milliseconds time = 10s) {
    test::FakeResolver dns;
    dns.addAddresses(kHost, {"127.0.0.1"});
    assurance::ProbeConfig config;
    config.caFile = test::testCa().rootFile();
    config.port = port;
    config.privateNetworks = {*base::IpNetwork::parse("127.0.0.0/8")};
    config.clientName = "probe.example";
    return assurance::probeMx(dns, {10, kHost}, config, Deadline::after(time), {});
}

Evidence evidence(const assurance::ProbeResult &result, const std::string &what) {
    for (const auto &item : result.evidence) {
        if (item.what == what + ":" + kHost) {
            return item.outcome;
        }
    }
    throw std::runtime_error("no evidence " + what);
}
} // namespace

class tst_StartTlsProbe : public QObject {
    Q_OBJECT
private slots:
    void dialogue_data();
    void dialogue();
    void certificate_data();
    void certificate();
    void nobodyListens();
    void noAddress();
    void privateAddressIsNotAsked();
    void privateBesidePublicIsLeftOut();
    void cnameIsSaid();
};

void tst_StartTlsProbe::dialogue_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<Pacing>("pacing");
    for (const auto &name : Dialogue::names("probe-")) {
        for (const auto pacing : test::kAllPacings) {
            QTest::newRow((name + ", " + std::string(toString(pacing))).c_str())
                << QByteArray::fromStdString(name) << pacing;
        }
    }
}

void tst_StartTlsProbe::dialogue() {
    QFETCH(QByteArray, name);
    QFETCH(Pacing, pacing);
    const auto expected = Dialogue::load(name.toStdString());
    ScriptedServer server({expected, pacing, test::serverTls(kHost)});
    const auto result =
        probe(server.port(),
              std::chrono::milliseconds(std::stoi(expected.property("deadline", "10000"))));
    QCOMPARE(std::string(toString(result.mx.outcome)), expected.property("outcome", "?"));
    QCOMPARE(result.mx.requireTls, expected.property("requiretls", "no") == "yes");
    if (const auto detail = expected.property("detail", ""); !detail.empty()) {
        QVERIFY2(result.mx.detail.find(detail) != std::string::npos, result.mx.detail.c_str());
    }
    if (const auto offered = expected.property("capabilities", ""); !offered.empty()) {
        QCOMPARE(base::join(result.mx.capabilities, ", "), offered);
    }
    const bool isEncrypted = result.mx.outcome == assurance::ProbeOutcome::Encrypted;
    QCOMPARE(evidence(result, "starttls") == Evidence::Proven, isEncrypted);
    QVERIFY(evidence(result, "address") == Evidence::Proven);
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
    QVERIFY(!server.hasReceived("MAIL"));
    QVERIFY(!server.hasReceived("HELO"));
}

void tst_StartTlsProbe::certificate_data() {
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<int>("problem");
    using crypto::PeerProblem;
    const auto row = [](const char *fault, PeerProblem problem) {
        QTest::newRow(fault) << QByteArray(fault) << static_cast<int>(problem);
    };
    row("expired", PeerProblem::Expired);
    row("wrong-name", PeerProblem::NameMismatch);
    row("self-signed", PeerProblem::SelfSigned);
    row("weak-key", PeerProblem::WeakKey);
}

void tst_StartTlsProbe::certificate() {
    QFETCH(QByteArray, fault);
    QFETCH(int, problem);
    ScriptedServer server({Dialogue::load("probe-encrypted"), Pacing::Whole,
                           test::serverTls(kHost, test::faultFrom(fault.toStdString()))});
    const auto result = probe(server.port());
    QVERIFY(result.mx.outcome == assurance::ProbeOutcome::Encrypted);
    QVERIFY(result.mx.tls.has_value());
    const auto &problems = result.mx.tls->problems;
    QVERIFY(std::find(problems.begin(), problems.end(),
                      static_cast<crypto::PeerProblem>(problem)) != problems.end());
    QVERIFY(evidence(result, "starttls") == Evidence::Proven);
    QVERIFY(evidence(result, "certificate") == Evidence::ProvenAbsent);
}

void tst_StartTlsProbe::nobodyListens() {
    const auto port = (*net::TcpListener::listen("127.0.0.1", Port{0}))->port();
    const auto result = probe(port);
    QVERIFY(result.mx.outcome == assurance::ProbeOutcome::Unreachable);
    QVERIFY(evidence(result, "starttls") == Evidence::TempFailure);
    QVERIFY(evidence(result, "certificate") == Evidence::NotChecked);
    QVERIFY(!result.mx.detail.empty());
}

void tst_StartTlsProbe::noAddress() {
    test::FakeResolver dns;
    const auto result = assurance::probeMx(dns, {10, "gone.example"}, {}, Deadline::after(1s), {});
    QVERIFY(result.mx.outcome == assurance::ProbeOutcome::NoAddress);
    dns.addOutcome("slow.example", net::DnsType::A, net::DnsOutcome::TempFailure);
    const auto slow = assurance::probeMx(dns, {10, "slow.example"}, {}, Deadline::after(1s), {});
    QVERIFY(slow.mx.outcome == assurance::ProbeOutcome::Unreachable);
}

void tst_StartTlsProbe::privateAddressIsNotAsked() {
    ScriptedServer server(
        {Dialogue::load("probe-encrypted"), Pacing::Whole, test::serverTls(kHost)});
    test::FakeResolver dns;
    dns.addAddresses(kHost, {"127.0.0.1", "10.0.0.1", "::1", "fd00::1"});
    assurance::ProbeConfig config;
    config.port = server.port();
    config.clientName = "probe.example";
    const auto result = assurance::probeMx(dns, {10, kHost}, config, Deadline::after(10s), {});
    QVERIFY(result.mx.outcome == assurance::ProbeOutcome::PrivateAddress);
    QCOMPARE(result.mx.addresses.size(), 4U);
    QVERIFY(evidence(result, "private") == Evidence::Proven);
    QVERIFY(evidence(result, "starttls") == Evidence::NotChecked);
    QCOMPARE(server.connections(), 0);
}

void tst_StartTlsProbe::privateBesidePublicIsLeftOut() {
    test::FakeResolver dns;
    dns.addAddresses(kHost, {"192.0.2.1", "192.168.0.7"});
    const auto result = assurance::resolveMx(dns, {10, kHost}, {}, Deadline::after(1s), {});
    QVERIFY(result.mx.outcome == assurance::ProbeOutcome::NotProbed);
    QCOMPARE(result.mx.addresses, std::vector<std::string>{"192.0.2.1"});
    QVERIFY(evidence(result, "private") == Evidence::Proven);
    const auto allowed = assurance::resolveMx(
        dns, {10, kHost}, {*base::IpNetwork::parse("192.168.0.0/16")}, Deadline::after(1s), {});
    QCOMPARE(allowed.mx.addresses.size(), 2U);
}

void tst_StartTlsProbe::cnameIsSaid() {
    test::FakeResolver dns;
    net::DnsAnswer answer;
    answer.outcome = net::DnsOutcome::Records;
    answer.canonicalName = "real.example";
    answer.rdata = {net::encodeAddress("192.0.2.1")};
    dns.add(kHost, net::DnsType::A, answer);
    const auto result = assurance::resolveMx(dns, {10, kHost}, {}, Deadline::after(1s), {});
    QCOMPARE(result.mx.addresses, std::vector<std::string>{"192.0.2.1"});
    QCOMPARE(result.evidence.at(1).what, std::string("alias:") + kHost);
    QCOMPARE(result.evidence.at(1).detail, "real.example");
}

QTEST_GUILESS_MAIN(tst_StartTlsProbe)
#include "tst_StartTlsProbe.moc"
