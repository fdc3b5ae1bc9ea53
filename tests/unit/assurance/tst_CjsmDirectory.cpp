// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CjsmDirectory.h"
#include "assurance/CjsmDns.h"
#include "assurance/CsvReader.h"

#include "support/FakeClock.h"
#include "support/FakeResolver.h"

#include <QtTest>
#include <map>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using assurance::CjsmDirectory;
using assurance::CjsmStatus;

namespace {
class MemoryTable final : public base::LookupTable {
public:
    Result<void> replace(const std::vector<Record> &records, std::string_view about) override {
        if (fails) {
            return fail("store.full", "test", Reaction::AskAdmin);
        }
        m_records = records;
        m_about = about;
        return {};
    }
    Result<std::optional<std::string>> about() override {
        if (fails) {
            return fail("store.damaged", "test", Reaction::AskAdmin);
        }
        return m_about;
    }
    Result<std::vector<std::string>> find(std::string_view key) override {
        ++searches;
        std::vector<std::string> found;
        for (const auto &record : m_records) {
            if (std::find(record.keys.begin(), record.keys.end(), key) != record.keys.end()) {
                found.push_back(record.value);
            }
        }
        return found;
    }
    bool fails = false;
    int searches = 0;

private:
    std::vector<Record> m_records;
    std::optional<std::string> m_about;
};

constexpr auto kHeader =
    "Firstname,Lastname,UserType,Organisation,Secure Email,Address1,Address2,Town/City,Postcode,"
    "Telephone,Mobile,Description,Business Type,CJ Area,Account Status\r\n";

std::string row(const std::string &email, const std::string &status,
                const std::string &name = "Jo") {
    return name + ",Bloggs,Server,\"Bloggs, Clerk & Co\"," + email +
           ",\"1 High Street\r\nUpper\",,York,YO1 1AA,01904,07700,\"a \"\"firm\"\"\",Solicitor,"
           "North Yorkshire," +
           status + "\r\n";
}

struct World {
    std::shared_ptr<MemoryTable> table = std::make_shared<MemoryTable>();
    std::shared_ptr<test::FakeClock> clock =
        std::make_shared<test::FakeClock>(base::fromIso8601("2026-11-23T14:00:00Z"));
    CjsmDirectory directory{table, clock};
};

mail::Address address(const std::string &spec) {
    return mail::Address::parse(spec).value();
}

assurance::DomainReport reportOf(const std::string &domain, CjsmStatus dns) {
    assurance::DomainReport report;
    report.domain = domain;
    report.cjsm = dns;
    report.evidence.push_back({"cjsm-directory", Evidence::NotChecked, {}});
    return report;
}
} // namespace

class tst_CjsmDirectory : public QObject {
    Q_OBJECT
private slots:
    void readsTheColumns();
    void encodings_data();
    void encodings();
    void damagedRowsAreTold();
    void openQuoteCostsItsLineAlone();
    void refusals_data();
    void refusals();
    void oldDirectoryStaysOnAnError();
    void bothAddressForms();
    void statusesOtherThanActive_data();
    void statusesOtherThanActive();
    void anActiveEntryOutweighsALockedOne();
    void whatDnsSaysStandsWhereNobodyIsListed();
    void withoutADirectory();
    void aBrokenStoreProvesNothing();
    void dns_data();
    void dns();
};

void tst_CjsmDirectory::readsTheColumns() {
    World world;
    const auto told =
        world.directory.import(kHeader + row("Jo@Firm.co.uk.CJSM.net", "Active")).value();
    QCOMPARE(told.entries, 1U);
    QCOMPARE(told.active, 1U);
    QCOMPARE(told.damagedCount, 0U);
    const auto found = world.directory.entriesOf(address("jo@firm.co.uk")).value();
    QCOMPARE(found.size(), 1U);
    QCOMPARE(found[0].secureEmail, "jo@firm.co.uk.cjsm.net");
    QCOMPARE(found[0].organisation, "Bloggs, Clerk & Co");
    QCOMPARE(found[0].area, "North Yorkshire");
    const auto about = world.directory.about().value();
    QVERIFY(about && about->importedAt == world.clock->now());
}

void tst_CjsmDirectory::encodings_data() {
    QTest::addColumn<std::string>("csv");
    const auto utf8 = kHeader + row("jo@firm.co.uk.cjsm.net", "Active", "Zoë");
    auto legacy = utf8;
    legacy.replace(legacy.find("ë"), 2, "\xeb");
    auto semicolons = "Firstname;Secure Email;Account Status\r\nZoë;jo@firm.co.uk.cjsm.net;Active"s;
    auto tabs = "Firstname\tSecure Email\tAccount Status\nZoë\tjo@firm.co.uk.cjsm.net\tActive\n"s;
    auto unix = utf8;
    std::erase(unix, '\r');
    const auto wide = QString::fromStdString(utf8);
    auto utf16 = "\xff\xfe"s + std::string(reinterpret_cast<const char *>(wide.utf16()),
                                           static_cast<std::size_t>(wide.size()) * 2);
    QTest::newRow("utf-8") << utf8;
    QTest::newRow("byte-order-mark") << "\xef\xbb\xbf" + utf8;
    QTest::newRow("windows-1252") << legacy;
    QTest::newRow("utf-16") << utf16;
    QTest::newRow("lf") << unix;
    QTest::newRow("semicolons, no last line break") << semicolons;
    QTest::newRow("tabs") << tabs;
}

void tst_CjsmDirectory::encodings() {
    QFETCH(std::string, csv);
    assurance::CjsmImport told;
    const auto entries = assurance::readCjsmCsv(csv, told).value();
    QCOMPARE(told.damagedCount, 0U);
    QCOMPARE(entries.size(), 1U);
    QCOMPARE(entries[0].firstName, "Zoë");
    QCOMPARE(entries[0].secureEmail, "jo@firm.co.uk.cjsm.net");
    QVERIFY(entries[0].active());
}

void tst_CjsmDirectory::damagedRowsAreTold() {
    World world;
    const auto told = world.directory
                          .import(kHeader + row("a@firm.co.uk.cjsm.net", "Active") // lines 2 and 3
                                  + "too,short\r\n"                                // 4
                                  + row("no address", "Active")                    // 5
                                  + row("a@firm.co.uk", "Active")                  // 7
                                  + row("a@evilcjsm.net", "Active")                // 9
                                  + row("b@firm.co.uk.cjsm.net", "Sleeping")       // 11
                                  + "\r\n,,,,\r\n"                                 // 13, 14
                                  + row("c@firm.co.uk.cjsm.net", "Active"))
                          .value();
    QCOMPARE(told.entries, 2U);
    std::vector<int> lines;
    for (const auto &one : told.damaged) {
        lines.push_back(one.line);
    }
    QCOMPARE(lines, (std::vector<int>{4, 5, 7, 9, 11}));
    QCOMPARE(told.damaged[0].problem, "2 columns instead of 15");
    QCOMPARE(told.damaged[4].problem, "unknown Account Status");
    QCOMPARE(world.directory.entriesOf(std::string("firm.co.uk")).value().size(), 2U);
}

void tst_CjsmDirectory::openQuoteCostsItsLineAlone() {
    std::string csv = "Organisation,Secure Email,Account Status\n"
                      "\"never closed,a@x.cjsm.net,Active\n";
    for (int i = 0; i < 300; ++i) {
        csv += "Firm,p" + std::to_string(i) + "@x.cjsm.net,Active\n";
    }
    assurance::CjsmImport told;
    const auto entries = assurance::readCjsmCsv(csv, told).value();
    QCOMPARE(entries.size(), 300U);
    QCOMPARE(told.damagedCount, 1U);
    QCOMPARE(told.damaged[0].line, 2);
    QCOMPARE(told.damaged[0].problem, "a quotation mark is not closed");
}

void tst_CjsmDirectory::refusals_data() {
    QTest::addColumn<std::string>("csv");
    QTest::addColumn<std::string>("code");
    QTest::newRow("empty") << ""s
                           << "cjsm.columns"s;
    QTest::newRow("not a table") << "%PDF-1.7\n"s
                                 << "cjsm.columns"s;
    QTest::newRow("other columns") << "Name,Email\nJo,jo@x.cjsm.net\n"s
                                   << "cjsm.columns"s;
    QTest::newRow("header alone") << std::string(kHeader) << "cjsm.empty"s;
    QTest::newRow("damaged rows alone") << kHeader + "x,y\n"s
                                        << "cjsm.empty"s;
}

void tst_CjsmDirectory::refusals() {
    QFETCH(std::string, csv);
    QFETCH(std::string, code);
    World world;
    const auto told = world.directory.import(csv);
    QVERIFY(!told);
    QCOMPARE(told.error().code, code);
    QVERIFY(told.error().reaction == Reaction::FixInput);
}

void tst_CjsmDirectory::oldDirectoryStaysOnAnError() {
    World world;
    QVERIFY(world.directory.import(kHeader + row("a@firm.co.uk.cjsm.net", "Active")));
    QVERIFY(!world.directory.import("nonsense"));
    QCOMPARE(world.directory.entriesOf(address("a@firm.co.uk")).value().size(), 1U);
    world.table->fails = true;
    QCOMPARE(world.directory.import(kHeader + row("b@x.cjsm.net", "Active")).error().code,
             "store.full");
}

void tst_CjsmDirectory::bothAddressForms() {
    World world;
    QVERIFY(world.directory.import(kHeader + row("jo@firm.co.uk.cjsm.net", "Active") +
                                   row("clerk@york.cjsm.net", "Active")));
    auto plain = reportOf("firm.co.uk", CjsmStatus::NotFound);
    world.directory.complete(plain, address("Jo@firm.co.uk"));
    QVERIFY(plain.cjsm == CjsmStatus::Listed);
    QCOMPARE(plain.cjsmAddress, "jo@firm.co.uk.cjsm.net");
    QCOMPARE(plain.evidence.size(), 1U);
    QCOMPARE(plain.evidence[0].detail, "active; imported 2026-11-23T14:00:00Z");
    auto webmail = reportOf("york.cjsm.net", CjsmStatus::Address);
    world.directory.complete(webmail, address("clerk@york.cjsm.net"));
    QVERIFY(webmail.cjsm == CjsmStatus::Address);
    QCOMPARE(webmail.cjsmAddress, "clerk@york.cjsm.net");
    QVERIFY(webmail.evidence[0].outcome == Evidence::Proven);
    auto domain = reportOf("firm.co.uk", CjsmStatus::NotFound);
    world.directory.complete(domain);
    QVERIFY(domain.cjsm == CjsmStatus::Listed);
    QCOMPARE(domain.cjsmAddress, "firm.co.uk.cjsm.net");
}

void tst_CjsmDirectory::statusesOtherThanActive_data() {
    QTest::addColumn<std::string>("status");
    for (const auto *status : {"Locked", "New User Locked", "Suspended", "Deleted", "LOCKED"}) {
        QTest::newRow(status) << std::string(status);
    }
}

void tst_CjsmDirectory::statusesOtherThanActive() {
    QFETCH(std::string, status);
    World world;
    const auto told =
        world.directory.import(kHeader + row("jo@firm.co.uk.cjsm.net", status)).value();
    QCOMPARE(told.active, 0U);
    for (const auto *spec : {"jo@firm.co.uk", "jo@firm.co.uk.cjsm.net"}) {
        auto report = reportOf(address(spec).domain(), CjsmStatus::Dns);
        world.directory.complete(report, address(spec));
        QVERIFY(report.cjsm == CjsmStatus::ListedInactive); // whatever DNS says
        QCOMPARE(report.cjsmAddress, "jo@firm.co.uk.cjsm.net");
    }
}

void tst_CjsmDirectory::anActiveEntryOutweighsALockedOne() {
    World world;
    QVERIFY(world.directory.import(kHeader + row("jo@firm.co.uk.cjsm.net", "Deleted") +
                                   row("jo@firm.co.uk.cjsm.net", "Active")));
    QVERIFY(world.directory.ask(address("jo@firm.co.uk")).status == CjsmStatus::Listed);
}

void tst_CjsmDirectory::whatDnsSaysStandsWhereNobodyIsListed() {
    World world;
    QVERIFY(world.directory.import(kHeader + row("jo@firm.co.uk.cjsm.net", "Active")));
    auto guessed = reportOf("firm.co.uk", CjsmStatus::Dns);
    world.directory.complete(guessed, address("other@firm.co.uk"));
    QVERIFY(guessed.cjsm == CjsmStatus::Dns);
    QCOMPARE(guessed.cjsmAddress, "other@firm.co.uk.cjsm.net");
    QVERIFY(guessed.evidence[0].outcome == Evidence::ProvenAbsent);
    auto none = reportOf("firm.co.uk", CjsmStatus::NotFound);
    world.directory.complete(none, address("other@firm.co.uk"));
    QVERIFY(none.cjsm == CjsmStatus::NotFound);
    QVERIFY(none.cjsmAddress.empty());
}

void tst_CjsmDirectory::withoutADirectory() {
    World world;
    auto report = reportOf("york.cjsm.net", CjsmStatus::Address);
    world.directory.complete(report, address("clerk@york.cjsm.net"));
    QVERIFY(report.cjsm == CjsmStatus::Address);
    QCOMPARE(report.cjsmAddress, "clerk@york.cjsm.net");
    QVERIFY(report.evidence[0].outcome == Evidence::NotChecked);
    QVERIFY(!world.directory.about().value().has_value());
    QCOMPARE(world.table->searches, 0); // a long list would pay for each
}

void tst_CjsmDirectory::aBrokenStoreProvesNothing() {
    World world;
    world.table->fails = true;
    const auto answer = world.directory.ask(address("jo@firm.co.uk"));
    QVERIFY(answer.status == CjsmStatus::NotChecked);
    QVERIFY(answer.evidence.outcome == Evidence::TempFailure);
    QCOMPARE(answer.evidence.detail, "store.damaged");
}

void tst_CjsmDirectory::dns_data() {
    QTest::addColumn<net::DnsOutcome>("outcome");
    QTest::addColumn<bool>("wildcard");
    QTest::addColumn<CjsmStatus>("status");
    QTest::addColumn<Evidence>("evidence");
    using enum net::DnsOutcome;
    QTest::newRow("mx") << Records << false << CjsmStatus::Dns << Evidence::Proven;
    QTest::newRow("wildcard") << Records << true << CjsmStatus::Unknown << Evidence::NotChecked;
    QTest::newRow("no-data") << NoData << false << CjsmStatus::NotFound << Evidence::ProvenAbsent;
    QTest::newRow("nxdomain") << NxDomain << false << CjsmStatus::NotFound
                              << Evidence::ProvenAbsent;
    QTest::newRow("bogus") << Bogus << false << CjsmStatus::Unknown << Evidence::Bogus;
    QTest::newRow("servfail") << TempFailure << false << CjsmStatus::Unknown
                              << Evidence::TempFailure;
}

namespace {
//! Answers any name that it was not told of as a wildcard does.
class WildcardResolver final : public net::DnsResolver {
public:
    net::DnsAnswer query(const std::string &name, net::DnsType, Deadline,
                         std::stop_token) override {
        asked.push_back(name);
        net::DnsAnswer answer;
        answer.outcome = net::DnsOutcome::Records;
        answer.rdata = {net::encodeMx({10, "mx.cjsm.net"})};
        return answer;
    }
    std::vector<std::string> asked;
};
} // namespace

void tst_CjsmDirectory::dns() {
    QFETCH(net::DnsOutcome, outcome);
    QFETCH(bool, wildcard);
    QFETCH(CjsmStatus, status);
    QFETCH(Evidence, evidence);
    test::FakeResolver told;
    if (outcome == net::DnsOutcome::Records) {
        told.addMx("firm.co.uk.cjsm.net", {{10, "mx.cjsm.net"}});
    } else {
        told.addOutcome("firm.co.uk.cjsm.net", net::DnsType::Mx, outcome);
    }
    WildcardResolver all;
    net::DnsResolver &resolver =
        wildcard ? static_cast<net::DnsResolver &>(all) : static_cast<net::DnsResolver &>(told);
    const auto answer = assurance::lookUpCjsm(resolver, "firm.co.uk", Deadline::after(5s), {});
    QVERIFY(answer.status == status);
    QVERIFY(answer.evidence.outcome == evidence);
    if (wildcard) {
        QCOMPARE(all.asked.size(), 2U);
        QVERIFY(all.asked[1].ends_with(".co.uk.cjsm.net"));
        QVERIFY(all.asked[1] != all.asked[0]);
    }
}

QTEST_GUILESS_MAIN(tst_CjsmDirectory)
#include "tst_CjsmDirectory.moc"
