// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/MtaStsLookup.h"

#include "MemoryCache.h"
#include "net/TxtRecord.h"
#include "support/FakeClock.h"
#include "support/FakeResolver.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using assurance::Freshness;
using assurance::MtaStsMode;
using net::DnsOutcome;
using net::DnsType;

namespace {
const auto kDomain = "court.example"s;
const auto kRecord = "_mta-sts.court.example"s;

std::string file(const std::string &mode = "enforce", const std::string &maxAge = "604800") {
    return "version: STSv1\r\nmode: " + mode + "\r\nmx: mx.court.example\r\nmax_age: " + maxAge +
           "\r\n";
}

//! A domain whose DNS and HTTPS the test writes.
struct World {
    World() { setId("1"); }

    void setId(const std::string &id) const { setTexts({"v=STSv1; id=" + id + ";"}); }
    void setTexts(const std::vector<std::string> &texts) const {
        std::vector<std::string> rdata;
        for (const auto &text : texts) {
            rdata.push_back(net::encodeTxt(text));
        }
        dns->addRecords(kRecord, DnsType::Txt, rdata);
    }
    void setError(const std::string &code, Reaction reaction = Reaction::Retry,
                  const std::string &detail = {}) {
        answer = fail(code, "http.get", reaction, detail);
    }

    assurance::MtaStsLookup lookUp(Freshness freshness = Freshness::Cached) {
        const assurance::MtaStsSources sources{
            dns, clock, cache, [this](const std::string &url, Deadline, std::stop_token) {
                fetched.push_back(url);
                return answer;
            }};
        return assurance::lookUpMtaSts(sources, kDomain, freshness, Deadline::after(5s), {});
    }

    std::shared_ptr<test::FakeResolver> dns = std::make_shared<test::FakeResolver>();
    std::shared_ptr<test::FakeClock> clock =
        std::make_shared<test::FakeClock>(base::fromIso8601("2026-11-23T14:02:00Z"));
    std::shared_ptr<test::MemoryCache> cache = std::make_shared<test::MemoryCache>();
    Result<std::string> answer = file();
    std::vector<std::string> fetched;
};

Evidence outcome(const assurance::MtaStsLookup &found, const std::string &what) {
    for (const auto &item : found.evidence) {
        if (item.what == what) {
            return item.outcome;
        }
    }
    throw std::runtime_error("no evidence " + what);
}
} // namespace

class tst_MtaStsLookup : public QObject {
    Q_OBJECT
private slots:
    void fetches();
    void records_data();
    void records();
    void failures_data();
    void failures();
    void keptById();
    void newIdIsFetched();
    void newPolicyReplacesTheOld();
    void keptThroughFailures_data();
    void keptThroughFailures();
    void endsWithItsAge();
    void longestAge();
    void oldOnesAreSeenTo();
    void freshAsksAgain();
    void brokenCacheEntryIsAMiss();
    void withoutCache();
    void reporting_data();
    void reporting();
};

void tst_MtaStsLookup::fetches() {
    World world;
    const auto found = world.lookUp();
    QCOMPARE(world.fetched, std::vector{"https://mta-sts.court.example/.well-known/mta-sts.txt"s});
    QVERIFY(found.report.status == Evidence::Proven);
    QCOMPARE(found.report.id, "1");
    QVERIFY(found.report.policy->mode == MtaStsMode::Enforce);
    QCOMPARE(found.report.policy->mx, std::vector{"mx.court.example"s});
    QVERIFY(found.report.until == world.clock->now() + 604800s);
    QVERIFY(found.life.policyMaxAge == 604800s);
    QVERIFY(found.life.dnsTtl == 1h);
    for (const auto *what : {"mta-sts-record", "mta-sts-policy", "mta-sts"}) {
        QVERIFY(outcome(found, what) == Evidence::Proven);
    }
}

void tst_MtaStsLookup::records_data() {
    QTest::addColumn<std::vector<std::string>>("texts");
    QTest::addColumn<int>("dns");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, std::vector<std::string> texts, DnsOutcome dns,
                        Evidence expected) {
        QTest::newRow(name) << texts << static_cast<int>(dns) << static_cast<int>(expected);
    };
    row("no such name", {}, DnsOutcome::NxDomain, Evidence::ProvenAbsent);
    row("no text", {}, DnsOutcome::NoData, Evidence::ProvenAbsent);
    row("bogus", {}, DnsOutcome::Bogus, Evidence::Bogus);
    row("SERVFAIL", {}, DnsOutcome::TempFailure, Evidence::TempFailure);
    row("somebody else's", {"v=spf1 -all"}, DnsOutcome::Records, Evidence::ProvenAbsent);
    row("rfc8461-3.1-two records", {"v=STSv1; id=1", "v=STSv1; id=2"}, DnsOutcome::Records,
        Evidence::ProvenAbsent);
    row("malformed", {"v=STSv1; id=?"}, DnsOutcome::Records, Evidence::ProvenAbsent);
    row("beside somebody else's", {"v=spf1 -all", "v=STSv1; id=1"}, DnsOutcome::Records,
        Evidence::Proven);
}

void tst_MtaStsLookup::records() {
    QFETCH(std::vector<std::string>, texts);
    QFETCH(int, dns);
    QFETCH(int, expected);
    World world;
    if (texts.empty()) {
        world.dns->addOutcome(kRecord, DnsType::Txt, static_cast<DnsOutcome>(dns));
    } else {
        world.setTexts(texts);
    }
    const auto found = world.lookUp();
    QCOMPARE(static_cast<int>(found.report.status), expected);
    QCOMPARE(static_cast<int>(outcome(found, "mta-sts-record")), expected);
    QCOMPARE(world.fetched.empty(), found.report.status != Evidence::Proven);
    QVERIFY((outcome(found, "mta-sts-policy") == Evidence::NotChecked) == world.fetched.empty());
}

void tst_MtaStsLookup::failures_data() {
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("detail");
    QTest::addColumn<int>("reaction");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *code, const char *detail, Reaction reaction,
                        Evidence expected) {
        QTest::addRow("%s %s", code, detail)
            << QByteArray(code) << QByteArray(detail) << static_cast<int>(reaction)
            << static_cast<int>(expected);
    };
    row("http.status", "302", Reaction::Retry, Evidence::ProvenAbsent); // rfc8461-3.3
    row("http.status", "404", Reaction::Retry, Evidence::ProvenAbsent);
    row("http.status", "503", Reaction::Retry, Evidence::TempFailure);
    row("http.too-large", "65536", Reaction::FixInput, Evidence::ProvenAbsent);
    row("http.media-type", "text/html", Reaction::FixInput, Evidence::ProvenAbsent);
    row("http.certificate", "", Reaction::AskAdmin, Evidence::Bogus);
    row("http.deadline", "", Reaction::Retry, Evidence::TempFailure);
    row("http.failed", "", Reaction::Retry, Evidence::TempFailure);
    row("http.stopped", "", Reaction::Retry, Evidence::TempFailure);
    row("mta-sts.policy", "", Reaction::FixInput, Evidence::ProvenAbsent);
}

void tst_MtaStsLookup::failures() {
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, detail);
    QFETCH(int, reaction);
    QFETCH(int, expected);
    World world;
    if (code == "mta-sts.policy") {
        world.answer = "<html>not found</html>"s;
    } else {
        world.setError(code.toStdString(), static_cast<Reaction>(reaction), detail.toStdString());
    }
    const auto found = world.lookUp();
    QCOMPARE(static_cast<int>(found.report.status), expected);
    QVERIFY(!found.report.policy);
    QVERIFY(outcome(found, "mta-sts-record") == Evidence::Proven);
    QCOMPARE(static_cast<int>(outcome(found, "mta-sts-policy")), expected);
    QVERIFY(world.cache->values.empty());
}

void tst_MtaStsLookup::keptById() {
    World world;
    (void)world.lookUp();
    world.clock->advance(24h);
    world.answer = file("none");
    const auto found = world.lookUp();
    QCOMPARE(world.fetched.size(), 1U);
    QVERIFY(found.report.policy->mode == MtaStsMode::Enforce);
    QVERIFY(found.life.policyMaxAge == 604800s - 24h);
    QVERIFY(outcome(found, "mta-sts-policy") == Evidence::Proven);
}

void tst_MtaStsLookup::newIdIsFetched() {
    World world;
    (void)world.lookUp();
    world.setId("2");
    world.answer = file("testing");
    const auto found = world.lookUp();
    QCOMPARE(world.fetched.size(), 2U);
    QCOMPARE(found.report.id, "2");
    QVERIFY(found.report.policy->mode == MtaStsMode::Testing);
}

void tst_MtaStsLookup::newPolicyReplacesTheOld() {
    World world;
    (void)world.lookUp();
    world.setId("2");
    world.answer = file("none");
    (void)world.lookUp();
    world.dns->addOutcome(kRecord, DnsType::Txt, DnsOutcome::TempFailure);
    const auto found = world.lookUp();
    QVERIFY(found.report.policy->mode == MtaStsMode::None); // rfc8461-8.3
}

//! RFC 8461 §5.1: whoever can keep us from DNS or HTTPS must not switch a known policy off.
void tst_MtaStsLookup::keptThroughFailures_data() {
    QTest::addColumn<QByteArray>("what");
    for (const auto *what : {"no record", "SERVFAIL", "bogus", "two records", "no HTTPS",
                             "other certificate", "redirect", "not a policy"}) {
        QTest::newRow(what) << QByteArray(what);
    }
}

void tst_MtaStsLookup::keptThroughFailures() {
    QFETCH(QByteArray, what);
    World world;
    (void)world.lookUp();
    world.clock->advance(24h);
    world.setId("2");
    if (what == "no record") {
        world.dns->addOutcome(kRecord, DnsType::Txt, DnsOutcome::NxDomain);
    } else if (what == "SERVFAIL") {
        world.dns->addOutcome(kRecord, DnsType::Txt, DnsOutcome::TempFailure);
    } else if (what == "bogus") {
        world.dns->addOutcome(kRecord, DnsType::Txt, DnsOutcome::Bogus);
    } else if (what == "two records") {
        world.setTexts({"v=STSv1; id=1", "v=STSv1; id=2"});
    } else if (what == "no HTTPS") {
        world.setError("http.failed");
    } else if (what == "other certificate") {
        world.setError("http.certificate", Reaction::AskAdmin);
    } else if (what == "redirect") {
        world.setError("http.status", Reaction::Retry, "301");
    } else {
        world.answer = "hello"s;
    }
    const auto found = world.lookUp();
    QVERIFY(found.report.status == Evidence::Proven);
    QCOMPARE(found.report.id, "1");
    QVERIFY(found.report.policy->mode == MtaStsMode::Enforce);
    QVERIFY(found.life.policyMaxAge == 604800s - 24h);
    // What failed is still told.
    QVERIFY(outcome(found, "mta-sts-record") != Evidence::Proven ||
            outcome(found, "mta-sts-policy") != Evidence::Proven);
}

void tst_MtaStsLookup::endsWithItsAge() {
    World world;
    (void)world.lookUp();
    world.setError("http.failed");
    world.clock->advance(604799s);
    QVERIFY(world.lookUp().report.policy.has_value());
    world.clock->advance(1s);
    const auto found = world.lookUp();
    QVERIFY(!found.report.policy);
    QVERIFY(found.report.status == Evidence::TempFailure);
}

void tst_MtaStsLookup::longestAge() {
    World world;
    world.answer = file("enforce", "9999999999");
    (void)world.lookUp();
    world.setError("http.failed");
    world.clock->advance(assurance::kLongestMaxAge - 1s);
    QVERIFY(world.lookUp().report.policy.has_value());
    world.clock->advance(1s);
    QVERIFY(!world.lookUp().report.policy); // rfc8461-3.2: a year at most
}

void tst_MtaStsLookup::oldOnesAreSeenTo() {
    World world;
    (void)world.lookUp();
    world.clock->advance(604800s / 2 - 1s);
    (void)world.lookUp();
    QCOMPARE(world.fetched.size(), 1U);
    world.clock->advance(1s);
    const auto found = world.lookUp();
    QCOMPARE(world.fetched.size(), 2U);
    QVERIFY(found.report.until == world.clock->now() + 604800s);
}

void tst_MtaStsLookup::freshAsksAgain() {
    for (const auto freshness : {Freshness::Fresh, Freshness::FreshOnce}) {
        World world;
        (void)world.lookUp();
        (void)world.lookUp(freshness);
        QCOMPARE(world.fetched.size(), 2U);
    }
}

void tst_MtaStsLookup::brokenCacheEntryIsAMiss() {
    World world;
    for (const auto *value :
         {"", "not json", "{}", R"({"id":"1","fetched_at":"2026-11-23T14:00:00Z","file":"x"})",
          R"({"id":"1","file":"version: STSv1\nmode: none\nmax_age: 60\n"})"}) {
        world.cache->put("mta-sts:" + kDomain, value, world.clock->now() + 1h);
        world.fetched.clear();
        QVERIFY(world.lookUp().report.policy->mode == MtaStsMode::Enforce);
        QCOMPARE(world.fetched.size(), 1U);
    }
}

void tst_MtaStsLookup::withoutCache() {
    World world;
    world.cache = nullptr;
    (void)world.lookUp();
    QVERIFY(world.lookUp().report.policy.has_value());
    QCOMPARE(world.fetched.size(), 2U);
}

void tst_MtaStsLookup::reporting_data() {
    QTest::addColumn<std::vector<std::string>>("texts");
    QTest::addColumn<int>("dns");
    QTest::addColumn<int>("expected");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char *name, std::vector<std::string> texts, DnsOutcome dns,
                        Evidence expected, const char *detail) {
        QTest::newRow(name) << texts << static_cast<int>(dns) << static_cast<int>(expected)
                            << QByteArray(detail);
    };
    row("there", {"v=TLSRPTv1; rua=mailto:tls@court.example,https://r.example/x"},
        DnsOutcome::Records, Evidence::Proven, "mailto:tls@court.example, https://r.example/x");
    row("absent", {}, DnsOutcome::NxDomain, Evidence::ProvenAbsent, "no record");
    row("forged", {}, DnsOutcome::Bogus, Evidence::Bogus, "");
    row("failed", {}, DnsOutcome::TempFailure, Evidence::TempFailure, "");
    row("malformed", {"v=TLSRPTv1; rua=ftp://x"}, DnsOutcome::Records, Evidence::ProvenAbsent,
        "tls-rpt.record: rua");
}

void tst_MtaStsLookup::reporting() {
    QFETCH(std::vector<std::string>, texts);
    QFETCH(int, dns);
    QFETCH(int, expected);
    QFETCH(QByteArray, detail);
    test::FakeResolver resolver;
    const auto name = "_smtp._tls.court.example"s;
    if (texts.empty()) {
        resolver.addOutcome(name, DnsType::Txt, static_cast<DnsOutcome>(dns));
    } else {
        resolver.addRecords(name, DnsType::Txt, {net::encodeTxt(texts.front())});
    }
    const auto item = assurance::lookUpTlsReporting(resolver, kDomain, Deadline::after(5s), {});
    QCOMPARE(item.what, "tls-rpt");
    QCOMPARE(static_cast<int>(item.outcome), expected);
    QCOMPARE(QByteArray::fromStdString(item.detail), detail);
}

QTEST_GUILESS_MAIN(tst_MtaStsLookup)
#include "tst_MtaStsLookup.moc"
