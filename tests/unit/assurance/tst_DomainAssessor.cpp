// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainAssessor.h"

#include "assurance/MxProber.h"

#include "unit/assurance/AssessorWorld.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using assurance::AssessorConfig;
using assurance::DomainAssessor;
using assurance::DomainReport;
using assurance::Freshness;
using test::Dialogue;
using test::ScriptedServer;
using namespace sealpost::assurance::testing;

//! Remembers whom it was to speak to; for domains with one MX.
class ListeningProber final : public assurance::MxProber {
public:
    std::vector<assurance::ProbeTarget> targets;
    assurance::ProbeResult probe(const assurance::ProbeTarget &target, Freshness, Deadline,
                                 std::stop_token) override {
        targets.push_back(target);
        assurance::ProbeResult result;
        result.mx.host = target.record.host;
        return result;
    }
};

class tst_DomainAssessor : public QObject {
    Q_OBJECT
private slots:
    void verdicts_data();
    void verdicts();
    void undeliverable();
    void unknownByDns_data();
    void unknownByDns();
    void implicitMx();
    void whatTheReportHolds();
    void deadBackupIsNamed();
    void moreHostsThanThreads();
    void registerVouches_data();
    void registerVouches();
    void withoutProbes();
    void cjsmAddress();
    void stopIsPrompt();
    void deadlineIsKept();
    void cacheServes();
    void freshAsksAgain();
    void unknownIsCachedForAMinute();
    void otherSettingsMissTheCache();
    void brokenCacheEntryIsAMiss();
    void stoppedIsNotCached();
    void sharedMxIsAskedOnce();
    void blockedPortSparesProbes();
    void refreshedBeforeItExpires();
    void dane_data();
    void dane();
    void daneNeedsASignedMx();
    void serverIsCalledByTheTlsaName_data();
    void serverIsCalledByTheTlsaName();
    void stripped_data();
    void stripped();
    void mtaSts_data();
    void mtaSts();
    void published_data();
    void published();
    void policyIsKept();
    void mtaStsSwitchedOff();
    void cutShortIsNotEnforced();
    void lifeOfWhatIsPublished();
};

void tst_DomainAssessor::verdicts_data() {
    QTest::addColumn<QByteArray>("kinds");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *kinds, const char *expected) {
        QTest::newRow(kinds) << QByteArray(kinds) << QByteArray(expected);
    };
    row("good", "verified");
    row("good good", "verified");
    row("good dead", "verified");
    row("dead good", "verified");
    row("self-signed", "weak");
    row("expired", "weak");
    row("wrong-name", "weak");
    row("weak-key", "weak");
    row("good expired", "weak");
    row("no-starttls", "none");
    row("good no-starttls", "none");
    row("expired no-starttls", "none");
    row("starttls-refused", "none");
    row("starttls-alert", "none");
    row("mangled", "unknown");
    row("dead", "unknown");
    row("dead dead", "unknown");
    row("greylisted", "unknown");
    row("rejected", "unknown");
    row("garbage", "unknown");
    row("injected", "unknown");
    row("hung-up", "unknown");
    row("good injected", "unknown");
    row("good hung-up", "verified");
}

void tst_DomainAssessor::verdicts() {
    QFETCH(QByteArray, kinds);
    QFETCH(QByteArray, expected);
    std::vector<Mx> mx;
    for (const auto &kind : kinds.split(' ')) {
        mx.push_back({kind.toStdString()});
    }
    const World world(mx);
    const auto report = world.assess();
    QCOMPARE(QByteArray::fromStdString(word(report.assurance)), expected);
    QCOMPARE(report.minimumMet, expected == "verified");
    QCOMPARE(report.mx.size(), mx.size());
}

void tst_DomainAssessor::undeliverable() {
    const World noSuchDomain({});
    QCOMPARE(word(noSuchDomain.assess().assurance), "undeliverable");
    const World nullMx({});
    nullMx.dns->addMx(kDomain, {{0, ""}});
    QCOMPARE(word(nullMx.assess().assurance), "undeliverable");
    const World nothing({});
    nothing.dns->addAddresses(kDomain, {});
    QCOMPARE(word(nothing.assess().assurance), "undeliverable");
}

void tst_DomainAssessor::unknownByDns_data() {
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("dnssec");
    QTest::newRow("bogus") << static_cast<int>(net::DnsOutcome::Bogus)
                           << static_cast<int>(Evidence::Bogus);
    QTest::newRow("SERVFAIL") << static_cast<int>(net::DnsOutcome::TempFailure)
                              << static_cast<int>(Evidence::TempFailure);
}

void tst_DomainAssessor::unknownByDns() {
    QFETCH(int, outcome);
    QFETCH(int, dnssec);
    const World world({});
    world.dns->addOutcome(kDomain, net::DnsType::Mx, static_cast<net::DnsOutcome>(outcome));
    const auto report = world.assess();
    QCOMPARE(word(report.assurance), "unknown");
    QCOMPARE(static_cast<int>(report.dnssec), dnssec);
    QCOMPARE(static_cast<int>(evidence(report, "mx")), dnssec);
}

void tst_DomainAssessor::implicitMx() {
    const auto dns = std::make_shared<test::FakeResolver>();
    dns->addAddresses(kDomain, {"127.0.0.1"});
    ScriptedServer server(
        {Dialogue::load("probe-encrypted"), test::Pacing::Whole, test::serverTls(kDomain)});
    auto config = World({}).config();
    config.resolver = dns;
    config.smtpPort = server.port();
    const auto report =
        DomainAssessor(config).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(word(report.assurance), "verified");
    QCOMPARE(report.mx.at(0).host, kDomain);
}

void tst_DomainAssessor::whatTheReportHolds() {
    const World world({{"good"}}, net::DnsSecurity::Secure);
    const auto report = world.assess();
    QCOMPARE(report.domain, kDomain);
    QVERIFY(report.dnssec == Evidence::Proven);
    QVERIFY(evidence(report, "mx") == Evidence::Proven);
    QVERIFY(evidence(report, "mx-dnssec") == Evidence::Proven);
    QVERIFY(evidence(report, "address:mx1.court.example") == Evidence::Proven);
    QVERIFY(evidence(report, "starttls:mx1.court.example") == Evidence::Proven);
    QVERIFY(evidence(report, "certificate:mx1.court.example") == Evidence::Proven);
    QVERIFY(evidence(report, "mta-sts-record") == Evidence::ProvenAbsent);
    QVERIFY(evidence(report, "mta-sts") == Evidence::ProvenAbsent);
    QVERIFY(evidence(report, "tls-rpt") == Evidence::ProvenAbsent);
    QVERIFY(evidence(report, "tlsa:mx1.court.example") == Evidence::ProvenAbsent);
    QVERIFY(evidence(report, "dane") == Evidence::ProvenAbsent);
    QVERIFY(report.tlsRpt == Evidence::ProvenAbsent);
    QVERIFY(report.cjsm == assurance::CjsmStatus::NotFound);
    const auto &mx = report.mx.at(0);
    QCOMPARE(mx.preference, 10);
    QCOMPARE(mx.addresses, std::vector{"127.0.0.1"s});
    QVERIFY(mx.requireTls);
    QVERIFY(mx.tls->chainValid && mx.tls->nameMatches);
    QVERIFY(report.checkedAt == world.clock->now());
    QVERIFY(report.expiresAt == world.clock->now() + 1h);
    QVERIFY(!report.fromCache);
}

void tst_DomainAssessor::deadBackupIsNamed() {
    const World world({{"good"}, {"dead"}});
    const auto report = world.assess();
    QCOMPARE(report.mx.at(1).host, "mx2.court.example");
    QVERIFY(report.mx.at(1).outcome == assurance::ProbeOutcome::Unreachable);
    QVERIFY(evidence(report, "starttls:mx2.court.example") == Evidence::TempFailure);
}

void tst_DomainAssessor::moreHostsThanThreads() {
    const World world(std::vector<Mx>(7, Mx{"good"}));
    const auto report = world.assess();
    QCOMPARE(word(report.assurance), "verified");
    for (std::size_t i = 0; i < 7; ++i) {
        QCOMPARE(report.mx.at(i).host, "mx" + std::to_string(i + 1) + ".court.example");
        QVERIFY(report.mx.at(i).outcome == assurance::ProbeOutcome::Encrypted);
    }
}

void tst_DomainAssessor::registerVouches_data() {
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *entry, const char *kind,
                        const char *expected) {
        QTest::newRow(name) << QByteArray(entry) << QByteArray(kind) << QByteArray(expected);
    };
    row("port 25 out of reach", "court.example", "dead", "registered");
    row("silent without a word", "court.example", "hung-up", "registered");
    row("entry for the parent", "example", "dead", "registered");
    row("entry for a look-alike", "urt.example", "dead", "unknown");
    row("entry for another", "other.example", "dead", "unknown");
    row("never lifts none", "court.example", "no-starttls", "none");
    row("never lifts weak", "court.example", "expired", "weak");
    row("never covers tampering", "court.example", "injected", "unknown");
    row("does not lower verified", "court.example", "good", "verified");
}

void tst_DomainAssessor::registerVouches() {
    QFETCH(QByteArray, entry);
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, expected);
    const World world({{kind.toStdString()}});
    auto config = world.config();
    config.policy.tlsRegister = {{entry.toStdString(), "REG-1"}};
    const auto report =
        DomainAssessor(config).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(QByteArray::fromStdString(word(report.assurance)), expected);
}

void tst_DomainAssessor::withoutProbes() {
    const World world({{"good"}});
    auto config = world.config();
    config.policy.probePort25 = false;
    const auto assess = [&] {
        return DomainAssessor(config).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    };
    const auto report = assess();
    QCOMPARE(word(report.assurance), "unknown");
    QVERIFY(report.mx.at(0).outcome == assurance::ProbeOutcome::NotProbed);
    QCOMPARE(report.mx.at(0).addresses.size(), 1U);
    QCOMPARE(world.servers.at(0)->connections(), 0);
    config.policy.tlsRegister = {{kDomain, "REG-1"}};
    QCOMPARE(word(assess().assurance), "registered");
}

void tst_DomainAssessor::cjsmAddress() {
    const World world({});
    DomainAssessor assessor(world.config());
    const auto status = [&](const std::string &domain) {
        return assessor.assess(domain, Freshness::Fresh, Deadline::after(5s), {}).cjsm;
    };
    QVERIFY(status("firm.co.uk.cjsm.net") == assurance::CjsmStatus::Address);
    QVERIFY(status("notcjsm.net") == assurance::CjsmStatus::NotFound);
    QVERIFY(status("cjsm.net.example") == assurance::CjsmStatus::NotFound);
}

void tst_DomainAssessor::stopIsPrompt() {
    const World world({{"silent"}});
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(50ms);
        stop.request_stop();
    });
    QElapsedTimer timer;
    timer.start();
    const auto report =
        DomainAssessor(world.config())
            .assess(kDomain, Freshness::Cached, Deadline::after(60s), stop.get_token());
    QCOMPARE(word(report.assurance), "unknown");
    QCOMPARE(report.mx.at(0).host, "mx1.court.example");
    QVERIFY(timer.elapsed() < 5'000);
}

void tst_DomainAssessor::deadlineIsKept() {
    const World world({{"good"}, {"silent"}});
    QElapsedTimer timer;
    timer.start();
    const auto report = world.assess(1s);
    // What there was no time for might have been weak.
    QCOMPARE(word(report.assurance), "unknown");
    QVERIFY(report.mx.at(1).outcome == assurance::ProbeOutcome::Silent);
    QVERIFY(timer.elapsed() < 8'000);
    const World silentDns({});
    silentDns.dns->fallSilent();
    QCOMPARE(word(silentDns.assess(100ms).assurance), "unknown");
}

void tst_DomainAssessor::cacheServes() {
    const World world({{"good"}}, net::DnsSecurity::Secure);
    const auto first = world.assess();
    world.clock->advance(59min);
    const auto second = world.assess();
    QVERIFY(second.fromCache);
    QCOMPARE(word(second.assurance), "verified");
    QVERIFY(second.checkedAt == first.checkedAt);
    QCOMPARE(second.mx.at(0).tls->sha256, first.mx.at(0).tls->sha256);
    QCOMPARE(world.servers.at(0)->connections(), 1);
    world.clock->advance(2min);
    QVERIFY(!world.assess().fromCache);
    QCOMPARE(world.servers.at(0)->connections(), 2);
}

void tst_DomainAssessor::freshAsksAgain() {
    const World world({{"good"}});
    QVERIFY(!world.assess().fromCache);
    const auto report =
        DomainAssessor(world.config()).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QVERIFY(!report.fromCache);
    QCOMPARE(world.servers.at(0)->connections(), 2);
}

void tst_DomainAssessor::unknownIsCachedForAMinute() {
    const World world({{"dead"}});
    const auto report = world.assess();
    QVERIFY(report.expiresAt == report.checkedAt + 60s);
    world.clock->advance(59s);
    QVERIFY(world.assess().fromCache);
    world.clock->advance(2s);
    QVERIFY(!world.assess().fromCache);
}

void tst_DomainAssessor::otherSettingsMissTheCache() {
    const World world({{"good"}});
    QCOMPARE(word(world.assess().assurance), "verified");
    auto config = world.config();
    config.policy.tlsMinimum.ecBits = 384;
    const auto report =
        DomainAssessor(config).assess(kDomain, Freshness::Cached, Deadline::after(10s), {});
    QVERIFY(!report.fromCache);
    QCOMPARE(word(report.assurance), "weak"); // TestCa's keys are P-256
}

void tst_DomainAssessor::brokenCacheEntryIsAMiss() {
    const World world({{"good"}});
    for (const auto *value : {"", "not json", "{}", R"({"domain":"evil.example"})"}) {
        world.cache->put("report:"s + kDomain, value, world.clock->now() + 1h);
        const auto report = world.assess();
        QVERIFY(!report.fromCache);
        QCOMPARE(word(report.assurance), "verified");
    }
}

void tst_DomainAssessor::stoppedIsNotCached() {
    const World world({{"good"}});
    std::stop_source stop;
    stop.request_stop();
    const auto report =
        DomainAssessor(world.config())
            .assess(kDomain, Freshness::Cached, Deadline::after(10s), stop.get_token());
    QCOMPARE(word(report.assurance), "unknown");
    QVERIFY(world.cache->values.empty());
    QCOMPARE(word(world.assess().assurance), "verified");
}

void tst_DomainAssessor::sharedMxIsAskedOnce() {
    const World world({{"good"}});
    for (const auto *domain : {"b.example", "c.example"}) {
        world.dns->addMx(domain, {{10, "mx1.court.example"}});
    }
    DomainAssessor assessor(world.config());
    std::vector<std::jthread> askers;
    for (const auto *domain : {kDomain, "b.example", "c.example"}) {
        askers.emplace_back([&assessor, domain] {
            const auto report =
                assessor.assess(domain, Freshness::FreshOnce, Deadline::after(10s), {});
            QCOMPARE(word(report.assurance), "verified");
        });
    }
    askers.clear();
    QCOMPARE(world.servers.at(0)->connections(), 1);
}

void tst_DomainAssessor::refreshedBeforeItExpires() {
    const World world({{"good"}});
    auto config = world.config();
    config.refreshAhead = true;
    DomainAssessor assessor(config);
    const auto assess = [&] {
        return assessor.assess(kDomain, Freshness::Cached, Deadline::after(10s), {});
    };
    const auto first = assess();
    world.clock->advance(40min);
    QVERIFY(assess().checkedAt == first.checkedAt);
    QCOMPARE(world.servers.at(0)->connections(), 1); // in its first four fifths nothing happens
    world.clock->advance(10min);
    const auto second = assess();
    QVERIFY(second.fromCache); // at once, and true still
    QVERIFY(second.checkedAt == first.checkedAt);
    QTRY_VERIFY(assess().checkedAt == world.clock->now());
    QVERIFY(assess().fromCache);
    QCOMPARE(world.servers.at(0)->connections(), 2);
    world.clock->advance(15min); // past the first one's end
    QVERIFY(assess().fromCache);
    QCOMPARE(world.servers.at(0)->connections(), 2);
}

void tst_DomainAssessor::blockedPortSparesProbes() {
    World world({{"good"}});
    for (const auto *name : {"a", "b", "c"}) {
        const auto domain = std::string(name) + ".example";
        world.dns->addMx(domain, {{10, "mx." + domain}});
        world.dns->addAddresses("mx." + domain, {"127.0.1."s + std::to_string(name[0])});
    }
    DomainAssessor assessor(world.config());
    const auto assess = [&](const std::string &domain) {
        return assessor.assess(domain, Freshness::Cached, Deadline::after(30s), {});
    };
    for (const auto *domain : {"a.example", "b.example", "c.example"}) {
        QVERIFY(assess(domain).port25 == Evidence::TempFailure); // its fault, or the network's
    }
    const auto spared = assess(kDomain);
    QVERIFY(spared.port25 == Evidence::ProvenAbsent);
    QVERIFY(spared.mx.at(0).outcome == assurance::ProbeOutcome::PortBlocked);
    QCOMPARE(spared.mx.at(0).addresses.size(), 1U);
    QCOMPARE(word(spared.assurance), "unknown");
    QCOMPARE(world.servers.at(0)->connections(), 0);
    *world.network = "two";
    world.clock->advance(61s); // that it is unknown is remembered for a minute
    const auto asked = assess(kDomain);
    QVERIFY(asked.port25 == Evidence::Proven);
    QCOMPARE(word(asked.assurance), "verified");
}

void tst_DomainAssessor::dane_data() {
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("record");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *kind, const char *record,
                        const char *expected, Evidence status) {
        QTest::newRow(name) << QByteArray(kind) << QByteArray(record) << QByteArray(expected)
                            << static_cast<int>(status);
    };
    row("fulfilled", "good", "right", "enforced", Evidence::Proven);
    row("own certificate", "self-signed", "right", "enforced", Evidence::Proven);
    row("expired certificate", "expired", "right", "enforced", Evidence::Proven);
    row("weak key all the same", "weak-key", "right", "weak", Evidence::Proven);
    row("mismatch", "good", "wrong", "violated", Evidence::Proven);
    row("unusable", "good", "unusable", "verified", Evidence::Proven);
    row("unusable, own certificate", "self-signed", "unusable", "weak", Evidence::Proven);
    row("bogus", "good", "bogus", "unknown", Evidence::Bogus);
    row("SERVFAIL", "good", "failed", "unknown", Evidence::TempFailure);
    row("none", "good", "none", "verified", Evidence::ProvenAbsent);
    row("refuses to talk", "rejected", "right", "published", Evidence::Proven);
}

void tst_DomainAssessor::dane() {
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, record);
    QFETCH(QByteArray, expected);
    QFETCH(int, status);
    const World world({{kind.toStdString()}}, net::DnsSecurity::Secure);
    auto published = world.recordOf(0);
    if (record == "wrong") {
        published.data = std::string(32, 'x');
    } else if (record == "unusable") {
        published.usage = 1;
    }
    world.publishTlsa(0, {published});
    const auto name = "_25._tcp.mx1.court.example";
    if (record == "bogus") {
        world.dns->addOutcome(name, net::DnsType::Tlsa, net::DnsOutcome::Bogus);
    } else if (record == "failed") {
        world.dns->addOutcome(name, net::DnsType::Tlsa, net::DnsOutcome::TempFailure);
    } else if (record == "none") {
        world.dns->addOutcome(name, net::DnsType::Tlsa, net::DnsOutcome::NxDomain);
    }
    const auto report = world.assess();
    QCOMPARE(QByteArray::fromStdString(word(report.assurance)), expected);
    QCOMPARE(report.minimumMet, expected == "enforced" || expected == "verified");
    QCOMPARE(static_cast<int>(report.dane), status);
    QCOMPARE(static_cast<int>(report.mx.at(0).dane.status), status);
    QCOMPARE(static_cast<int>(evidence(report, "tlsa:mx1.court.example")), status);
    // What the cache gives back says the same.
    const auto again = world.assess();
    QVERIFY(again.fromCache);
    QVERIFY(again.mx.at(0).dane.match == report.mx.at(0).dane.match);
    // The register lifts neither what is violated nor what was forged.
    auto config = world.config();
    config.policy.tlsRegister = {{kDomain, "REG-1"}};
    const auto vouched =
        DomainAssessor(config).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(QByteArray::fromStdString(word(vouched.assurance)),
             record == "failed" ? QByteArray("registered") : expected);
}

void tst_DomainAssessor::daneNeedsASignedMx() {
    const World world({{"self-signed"}}, net::DnsSecurity::Insecure);
    world.publishTlsa(0, {world.recordOf(0)});
    const auto report = world.assess();
    QCOMPARE(word(report.assurance), "weak");
    QVERIFY(report.dane == Evidence::ProvenAbsent);
    QVERIFY(report.mx.at(0).dane.match == assurance::DaneMatch::NotCompared);
}

void tst_DomainAssessor::serverIsCalledByTheTlsaName_data() {
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<bool>("isAlias");
    QTest::addColumn<QByteArray>("records");
    QTest::addColumn<QByteArray>("serverName");
    QTest::newRow("rfc7672-8.1-where-the-alias-leads")
        << true << true << QByteArray("mx1.court.example") << QByteArray("mx1.court.example");
    QTest::newRow("below the alias")
        << true << true << QByteArray("mail.court.example") << QByteArray();
    QTest::newRow("no records") << true << true << QByteArray() << QByteArray();
    QTest::newRow("an answer that is not signed")
        << false << true << QByteArray("mx1.court.example") << QByteArray();
    QTest::newRow("no alias") << true << false << QByteArray("mail.court.example") << QByteArray();
}

void tst_DomainAssessor::serverIsCalledByTheTlsaName() {
    QFETCH(bool, isSigned);
    QFETCH(bool, isAlias);
    QFETCH(QByteArray, records);
    QFETCH(QByteArray, serverName);
    const auto security = isSigned ? net::DnsSecurity::Secure : net::DnsSecurity::Insecure;
    const World world({});
    world.dns->addMx(kDomain, {{10, "mail.court.example"}}, security);
    net::DnsAnswer address;
    address.outcome = net::DnsOutcome::Records;
    address.security = security;
    address.canonicalName = isAlias ? "mx1.court.example" : "";
    address.rdata = {net::encodeAddress("127.0.0.1")};
    world.dns->add("mail.court.example", net::DnsType::A, address);
    if (!records.isEmpty()) {
        world.dns->addRecords("_25._tcp." + records.toStdString(), net::DnsType::Tlsa,
                              {net::encodeTlsa({3, 0, 1, std::string(32, 'x')})},
                              net::DnsSecurity::Secure);
    }
    const auto prober = std::make_shared<ListeningProber>();
    DomainAssessor assessor(world.config(), prober);
    (void)assessor.assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(prober->targets.size(), 1U);
    QCOMPARE(prober->targets.front().record.host, "mail.court.example");
    QCOMPARE(QByteArray::fromStdString(prober->targets.front().serverName), serverName);
}

void tst_DomainAssessor::stripped_data() {
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("by");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *kind, const char *by, const char *expected) {
        QTest::addRow("%s, %s", kind, by)
            << QByteArray(kind) << QByteArray(by) << QByteArray(expected);
    };
    for (const auto *kind : {"no-starttls", "mangled", "injected", "starttls-refused"}) {
        row(kind, "dane", "violated");
        row(kind, "enforce", "violated");
    }
    row("no-starttls", "testing", "none");
    row("mangled", "testing", "unknown");
}

void tst_DomainAssessor::stripped() {
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, by);
    QFETCH(QByteArray, expected);
    World world({{kind.toStdString()}}, net::DnsSecurity::Secure);
    if (by == "dane") {
        world.publishTlsa(0, {{3, 1, 1, std::string(32, 'x')}});
    } else {
        world.publishMtaSts(by.toStdString());
    }
    const auto report = world.assess();
    QCOMPARE(QByteArray::fromStdString(word(report.assurance)), expected);
    QVERIFY(evidence(report, "tampering:mx1.court.example") == Evidence::Bogus);
    auto config = world.config();
    config.policy.tlsRegister = {{kDomain, "REG-1"}};
    const auto vouched =
        DomainAssessor(config).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(QByteArray::fromStdString(word(vouched.assurance)), expected);
}

void tst_DomainAssessor::mtaSts_data() {
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *kind, const char *mode, const char *pattern,
                        const char *expected) {
        QTest::addRow("%s, %s, %s", kind, mode, pattern)
            << QByteArray(kind) << QByteArray(mode) << QByteArray(pattern) << QByteArray(expected);
    };
    row("good", "enforce", "*.court.example", "enforced");
    row("good", "enforce", "mx1.court.example", "enforced");
    row("good", "enforce", "*.example", "violated"); // rfc8461-4.1: one label
    row("good", "enforce", "other.example", "violated");
    row("self-signed", "enforce", "*.court.example", "violated");
    row("wrong-name", "enforce", "*.court.example", "violated");
    row("expired", "enforce", "*.court.example", "violated");
    row("weak-key", "enforce", "*.court.example", "weak");
    row("good", "testing", "*.court.example", "verified");
    row("good", "testing", "other.example", "verified");
    row("good", "none", "*.court.example", "verified");
    row("self-signed", "testing", "*.court.example", "weak");
}

void tst_DomainAssessor::mtaSts() {
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, mode);
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, expected);
    World world({{kind.toStdString()}});
    world.publishMtaSts(mode.toStdString(), pattern.toStdString());
    const auto report = world.assess();
    QCOMPARE(QByteArray::fromStdString(word(report.assurance)), expected);
    QVERIFY(report.mtaSts.status == Evidence::Proven);
    QVERIFY(evidence(report, "mta-sts") == Evidence::Proven);
    const auto again = world.assess();
    QVERIFY(again.fromCache);
    QVERIFY(again.mtaSts.policy->mode == report.mtaSts.policy->mode);
    QVERIFY(again.mtaSts.until == report.mtaSts.until);
}

void tst_DomainAssessor::published_data() {
    QTest::addColumn<QByteArray>("by");
    QTest::addColumn<bool>("probing");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *by, bool probing, const char *expected) {
        QTest::addRow("%s, %s", by, probing ? "out of reach" : "probing off")
            << QByteArray(by) << probing << QByteArray(expected);
    };
    for (const bool probing : {true, false}) {
        row("dane", probing, "published");
        row("enforce", probing, "published");
        row("testing", probing, "registered");
        row("unusable", probing, "registered");
        row("bogus", probing, "unknown");
    }
}

//! With a register that vouches for it where nothing better is known.
void tst_DomainAssessor::published() {
    QFETCH(QByteArray, by);
    QFETCH(bool, probing);
    QFETCH(QByteArray, expected);
    World world({{"dead"}}, net::DnsSecurity::Secure);
    if (by == "dane") {
        world.publishTlsa(0, {{3, 1, 1, std::string(32, 'x')}});
    } else if (by == "unusable") {
        world.publishTlsa(0, {{1, 1, 1, std::string(32, 'x')}});
    } else if (by == "bogus") {
        world.publishTlsa(0, {});
        world.dns->addOutcome("_25._tcp.mx1.court.example", net::DnsType::Tlsa,
                              net::DnsOutcome::Bogus);
    } else {
        world.publishMtaSts(by.toStdString());
    }
    auto config = world.config();
    config.policy.probePort25 = probing;
    config.policy.tlsRegister = {{kDomain, "REG-1"}};
    const auto report =
        DomainAssessor(config).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(QByteArray::fromStdString(word(report.assurance)), expected);
    QVERIFY(!report.minimumMet);
}

void tst_DomainAssessor::policyIsKept() {
    World world({{"no-starttls"}});
    world.publishMtaSts("enforce");
    QCOMPARE(word(world.assess().assurance), "violated");
    world.dns->addOutcome("_mta-sts."s + kDomain, net::DnsType::Txt, net::DnsOutcome::NxDomain);
    const auto report =
        DomainAssessor(world.config()).assess(kDomain, Freshness::Fresh, Deadline::after(10s), {});
    QCOMPARE(word(report.assurance), "violated");
    QVERIFY(evidence(report, "mta-sts-record") == Evidence::ProvenAbsent);
    QCOMPARE(world.fetches.load(), 1);
}

void tst_DomainAssessor::mtaStsSwitchedOff() {
    World world({{"good"}});
    world.publishMtaSts("enforce");
    QCOMPARE(word(world.assess().assurance), "enforced");
    auto config = world.config();
    config.policy.fetchMtaSts = false;
    const auto report =
        DomainAssessor(config).assess(kDomain, Freshness::Cached, Deadline::after(10s), {});
    QVERIFY(!report.fromCache); // made under other settings
    QCOMPARE(word(report.assurance), "verified");
    QVERIFY(report.mtaSts.status == Evidence::NotChecked);
    QVERIFY(evidence(report, "mta-sts") == Evidence::NotChecked);
    QCOMPARE(world.fetches.load(), 1);
}

void tst_DomainAssessor::cutShortIsNotEnforced() {
    World world({{"good"}, {"silent"}});
    world.publishMtaSts("enforce");
    const auto report = world.assess(1s);
    QCOMPARE(word(report.assurance), "published");
    QVERIFY(!report.minimumMet);
}

void tst_DomainAssessor::lifeOfWhatIsPublished() {
    World byPolicy({{"good"}});
    byPolicy.publishMtaSts("enforce", "*.court.example", "1200");
    auto report = byPolicy.assess();
    QVERIFY(report.expiresAt == byPolicy.clock->now() + 20min);
    const World byTtl({{"good"}}, net::DnsSecurity::Secure);
    byTtl.publishTlsa(0, {byTtl.recordOf(0)}, 10min);
    report = byTtl.assess();
    QVERIFY(report.expiresAt == byTtl.clock->now() + 10min);
}

QTEST_GUILESS_MAIN(tst_DomainAssessor)
#include "tst_DomainAssessor.moc"
