// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DaneLookup.h"

#include "net/TlsaRecord.h"
#include "support/FakeResolver.h"
#include "support/TestIdentities.h"

#include <QCryptographicHash>
#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using assurance::DaneMatch;
using net::DnsOutcome;
using net::DnsSecurity;
using net::DnsType;

namespace {
const auto kHost = "mx.court.example"s;
const auto kAlias = "mail.host.example"s;

std::string tlsaName(const std::string &base) {
    return "_25._tcp." + base;
}

std::string tlsa(std::uint8_t usage, std::uint8_t selector = 1, std::uint8_t matchingType = 1) {
    return net::encodeTlsa({usage, selector, matchingType, std::string(32, 'x')});
}

void addAddress(test::FakeResolver &dns, DnsSecurity security, const std::string &canonical = kHost,
                DnsType type = DnsType::A) {
    net::DnsAnswer answer;
    answer.outcome = DnsOutcome::Records;
    answer.security = security;
    answer.canonicalName = canonical;
    answer.rdata = {net::encodeAddress(type == DnsType::A ? "192.0.2.1" : "2001:db8::1")};
    dns.add(kHost, type, std::move(answer));
}

assurance::TlsaLookup lookUp(test::FakeResolver &dns) {
    return assurance::lookUpTlsa(dns, kHost, Deadline::after(5s), {});
}
} // namespace

class tst_DaneLookup : public QObject {
    Q_OBJECT
private slots:
    void found();
    void addressDecides_data();
    void addressDecides();
    void recordsDecide_data();
    void recordsDecide();
    void aliases_data();
    void aliases();
    void usability_data();
    void usability();
    void compares_data();
    void compares();
    void nothingToCompare();
    void anchorNeedsAName();
    void anchorBelowAnAlias();
    void ofTheDomain_data();
    void ofTheDomain();
};

void tst_DaneLookup::found() {
    test::FakeResolver dns;
    addAddress(dns, DnsSecurity::Secure);
    dns.addRecords(tlsaName(kHost), DnsType::Tlsa, {tlsa(3), tlsa(2)}, DnsSecurity::Secure);
    const auto found = lookUp(dns);
    QVERIFY(found.report.status == Evidence::Proven);
    QCOMPARE(found.report.usable, 2U);
    QCOMPARE(found.report.records.size(), 2U);
    QVERIFY(found.report.records.at(0).starts_with("3 1 1 7878"));
    QVERIFY(found.report.match == DaneMatch::NotCompared);
    QCOMPARE(found.base, kHost);
    QCOMPARE(found.evidence.what, "tlsa:mx.court.example");
    QVERIFY(found.evidence.outcome == Evidence::Proven);
    QVERIFY(found.evidence.detail.find("_25._tcp.mx.court.example") != std::string::npos);
    QVERIFY(found.ttl == 1h);
}

//! RFC 7672 §2.2: without a signed address no record counts, however well it is signed.
void tst_DaneLookup::addressDecides_data() {
    QTest::addColumn<int>("a");
    QTest::addColumn<int>("aaaa");
    QTest::addColumn<int>("expected");
    enum Kind { Signed, Unsigned, Absent, Forged, Failed };
    const auto row = [](const char *name, Kind a, Kind aaaa, Evidence expected) {
        QTest::newRow(name) << static_cast<int>(a) << static_cast<int>(aaaa)
                            << static_cast<int>(expected);
    };
    row("IPv4 alone", Signed, Absent, Evidence::Proven);
    row("IPv6 alone", Absent, Signed, Evidence::Proven);
    row("both", Signed, Signed, Evidence::Proven);
    row("IPv6 not to be had", Signed, Failed, Evidence::Proven);
    row("rfc7672-2.2-insecure address", Unsigned, Unsigned, Evidence::ProvenAbsent);
    row("no address", Absent, Absent, Evidence::ProvenAbsent);
    row("bogus address", Forged, Absent, Evidence::Bogus);
    row("bogus outweighs a failure", Failed, Forged, Evidence::Bogus);
    row("failure outweighs bogus not", Forged, Failed, Evidence::Bogus);
    row("failed is not absent", Failed, Absent, Evidence::TempFailure);
}

void tst_DaneLookup::addressDecides() {
    QFETCH(int, a);
    QFETCH(int, aaaa);
    QFETCH(int, expected);
    test::FakeResolver dns;
    dns.addRecords(tlsaName(kHost), DnsType::Tlsa, {tlsa(3)}, DnsSecurity::Secure);
    const auto add = [&](int kind, DnsType type) {
        switch (kind) {
        case 0:
            return addAddress(dns, DnsSecurity::Secure, kHost, type);
        case 1:
            return addAddress(dns, DnsSecurity::Insecure, kHost, type);
        case 2:
            return dns.addOutcome(kHost, type, DnsOutcome::NoData, DnsSecurity::Secure);
        case 3:
            return dns.addOutcome(kHost, type, DnsOutcome::Bogus, DnsSecurity::Bogus);
        default:
            return dns.addOutcome(kHost, type, DnsOutcome::TempFailure);
        }
    };
    add(a, DnsType::A);
    add(aaaa, DnsType::Aaaa);
    const auto found = lookUp(dns);
    QCOMPARE(static_cast<int>(found.report.status), expected);
    QCOMPARE(static_cast<int>(found.evidence.outcome), expected);
    QCOMPARE(found.records.empty(), found.report.status != Evidence::Proven);
}

void tst_DaneLookup::recordsDecide_data() {
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("security");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, DnsOutcome outcome, DnsSecurity security,
                        Evidence expected) {
        QTest::newRow(name) << static_cast<int>(outcome) << static_cast<int>(security)
                            << static_cast<int>(expected);
    };
    row("none", DnsOutcome::NxDomain, DnsSecurity::Secure, Evidence::ProvenAbsent);
    row("none of the type", DnsOutcome::NoData, DnsSecurity::Secure, Evidence::ProvenAbsent);
    row("not signed", DnsOutcome::Records, DnsSecurity::Insecure, Evidence::ProvenAbsent);
    row("signed", DnsOutcome::Records, DnsSecurity::Secure, Evidence::Proven);
    row("bogus is not absent", DnsOutcome::Bogus, DnsSecurity::Bogus, Evidence::Bogus);
    row("rfc7672-2.1.2-failure is not absent", DnsOutcome::TempFailure, DnsSecurity::Insecure,
        Evidence::TempFailure);
}

void tst_DaneLookup::recordsDecide() {
    QFETCH(int, outcome);
    QFETCH(int, security);
    QFETCH(int, expected);
    test::FakeResolver dns;
    addAddress(dns, DnsSecurity::Secure);
    net::DnsAnswer answer;
    answer.outcome = static_cast<DnsOutcome>(outcome);
    answer.security = static_cast<DnsSecurity>(security);
    if (answer.outcome == DnsOutcome::Records) {
        answer.rdata = {tlsa(3)};
    }
    dns.add(tlsaName(kHost), DnsType::Tlsa, answer);
    QCOMPARE(static_cast<int>(lookUp(dns).report.status), expected);
}

void tst_DaneLookup::aliases_data() {
    QTest::addColumn<bool>("signedAddress");
    QTest::addColumn<int>("alias"); // of the CNAME record: Secure, Insecure, failed
    QTest::addColumn<QByteArray>("where");
    QTest::addColumn<int>("expected");
    QTest::addColumn<QByteArray>("base");
    const auto row = [](const char *name, bool signedAddress, int alias, const char *where,
                        Evidence expected, const char *base) {
        QTest::newRow(name) << signedAddress << alias << QByteArray(where)
                            << static_cast<int>(expected) << QByteArray(base);
    };
    row("rfc7672-2.2.3-where it leads", true, 0, "mail.host.example", Evidence::Proven,
        "mail.host.example");
    row("rfc7672-2.2.3-else the name itself", true, 0, "mx.court.example", Evidence::Proven,
        "mx.court.example");
    row("nowhere", true, 0, "other.example", Evidence::ProvenAbsent, "");
    row("rfc7672-2.2.2-signed alias into an unsigned zone", false, 0, "mx.court.example",
        Evidence::Proven, "mx.court.example");
    row("never below the unsigned name", false, 0, "mail.host.example", Evidence::ProvenAbsent, "");
    row("unsigned alias", false, 1, "mx.court.example", Evidence::ProvenAbsent, "");
    row("alias that can't be asked for", false, 2, "mx.court.example", Evidence::TempFailure, "");
}

void tst_DaneLookup::aliases() {
    QFETCH(bool, signedAddress);
    QFETCH(int, alias);
    QFETCH(QByteArray, where);
    QFETCH(int, expected);
    QFETCH(QByteArray, base);
    test::FakeResolver dns;
    addAddress(dns, signedAddress ? DnsSecurity::Secure : DnsSecurity::Insecure, kAlias);
    dns.addOutcome(kHost, DnsType::Cname,
                   alias == 2 ? DnsOutcome::TempFailure : DnsOutcome::Records,
                   alias == 0 ? DnsSecurity::Secure : DnsSecurity::Insecure);
    dns.addRecords(tlsaName(where.toStdString()), DnsType::Tlsa, {tlsa(3)}, DnsSecurity::Secure);
    const auto found = lookUp(dns);
    QCOMPARE(static_cast<int>(found.report.status), expected);
    QCOMPARE(QByteArray::fromStdString(found.base), base);
}

void tst_DaneLookup::usability_data() {
    QTest::addColumn<QByteArray>("rdata");
    QTest::addColumn<int>("usable");
    const auto row = [](const char *name, const std::string &rdata, int usable) {
        QTest::newRow(name) << QByteArray::fromStdString(rdata) << usable;
    };
    row("DANE-TA", tlsa(2), 1);
    row("DANE-EE", tlsa(3), 1);
    row("rfc7672-3.1.3-PKIX-TA", tlsa(0), 0);
    row("rfc7672-3.1.3-PKIX-EE", tlsa(1), 0);
    row("unheard-of selector", tlsa(3, 7), 0);
    row("unheard-of matching type", tlsa(3, 1, 9), 0);
    row("digest of the wrong length", net::encodeTlsa({3, 1, 2, std::string(32, 'x')}), 0);
    row("cut short", "\x03\x01", 0);
}

//! Records that are there but can't be used are not the same as none (RFC 7672 §2.2).
void tst_DaneLookup::usability() {
    QFETCH(QByteArray, rdata);
    QFETCH(int, usable);
    test::FakeResolver dns;
    addAddress(dns, DnsSecurity::Secure);
    dns.addRecords(tlsaName(kHost), DnsType::Tlsa, {rdata.toStdString()}, DnsSecurity::Secure);
    const auto found = lookUp(dns);
    QVERIFY(found.report.status == Evidence::Proven);
    QCOMPARE(static_cast<int>(found.report.usable), usable);
}

namespace {
std::vector<std::string> derOf(const std::string &pem) {
    std::vector<std::string> chain;
    const auto blocks = QByteArray::fromStdString(pem).replace("-----END CERTIFICATE-----", "|");
    for (const auto &block : blocks.split('|')) {
        const auto body = block.mid(block.indexOf("CERTIFICATE-----") + 16);
        if (block.contains("BEGIN CERTIFICATE")) {
            chain.push_back(QByteArray::fromBase64(body).toStdString());
        }
    }
    return chain;
}

crypto::TlsaRecord ofCertificate(std::uint8_t usage, const std::string &der) {
    return {usage, 0, 1,
            QCryptographicHash::hash(QByteArray::fromStdString(der), QCryptographicHash::Sha256)
                .toStdString()};
}

assurance::MxReport encrypted(const std::vector<std::string> &chain) {
    assurance::MxReport mx;
    mx.host = kHost;
    mx.outcome = assurance::ProbeOutcome::Encrypted;
    mx.tls.emplace();
    mx.tls->chain = chain;
    return mx;
}

assurance::TlsaLookup with(const std::vector<crypto::TlsaRecord> &records) {
    test::FakeResolver dns;
    addAddress(dns, DnsSecurity::Secure);
    std::vector<std::string> rdata;
    for (const auto &record : records) {
        rdata.push_back(net::encodeTlsa(record));
    }
    dns.addRecords(tlsaName(kHost), DnsType::Tlsa, rdata, DnsSecurity::Secure);
    return lookUp(dns);
}
} // namespace

void tst_DaneLookup::compares_data() {
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<int>("match");
    QTest::addColumn<int>("outcome");
    const auto row = [](const char *kind, DaneMatch match, Evidence outcome) {
        QTest::newRow(kind) << QByteArray(kind) << static_cast<int>(match)
                            << static_cast<int>(outcome);
    };
    row("end entity", DaneMatch::EndEntity, Evidence::Proven);
    row("anchor", DaneMatch::Anchor, Evidence::Proven);
    row("mismatch", DaneMatch::Mismatch, Evidence::ProvenAbsent);
    row("unusable", DaneMatch::Unusable, Evidence::ProvenAbsent);
}

void tst_DaneLookup::compares() {
    QFETCH(QByteArray, kind);
    QFETCH(int, match);
    QFETCH(int, outcome);
    const auto chain = derOf(test::testCa().server(kHost).chainPem);
    QCOMPARE(chain.size(), 2U);
    const auto record = kind == "end entity" ? ofCertificate(3, chain.at(0))
                        : kind == "anchor"   ? ofCertificate(2, chain.at(1))
                        : kind == "mismatch" ? ofCertificate(3, chain.at(1))
                                             : ofCertificate(1, chain.at(0));
    auto mx = encrypted(chain);
    const auto item = assurance::compareWithTlsa(with({record}), {"court.example"},
                                                 base::SystemClock().now(), mx);
    QCOMPARE(static_cast<int>(mx.dane.match), match);
    QVERIFY(mx.dane.status == Evidence::Proven);
    QCOMPARE(item.what, "dane:mx.court.example");
    QCOMPARE(static_cast<int>(item.outcome), outcome);
}

void tst_DaneLookup::nothingToCompare() {
    auto mx = encrypted({});
    mx.outcome = assurance::ProbeOutcome::NoStartTls;
    const auto found = with({{3, 1, 1, std::string(32, 'x')}});
    const auto item = assurance::compareWithTlsa(found, {"court.example"}, Time{}, mx);
    QVERIFY(item.outcome == Evidence::NotChecked);
    QVERIFY(mx.dane.match == DaneMatch::NotCompared);
    QVERIFY(mx.dane.status == Evidence::Proven);
    QCOMPARE(mx.dane.usable, 1U);
}

void tst_DaneLookup::anchorNeedsAName() {
    const auto chain = derOf(test::testCa().server("other.example").chainPem);
    auto mx = encrypted(chain);
    const auto compare = [&](const std::vector<std::string> &domainNames) {
        (void)assurance::compareWithTlsa(with({ofCertificate(2, chain.at(1))}), domainNames,
                                         base::SystemClock().now(), mx);
        return mx.dane.match;
    };
    QVERIFY(compare({"court.example"}) == DaneMatch::Mismatch);
    QVERIFY(compare({"other.example"}) == DaneMatch::Anchor); // rfc7672-3.2.2: the domain's name
    // Where that is an alias, the name that it leads to.
    QVERIFY(compare({"court.example", "other.example"}) == DaneMatch::Anchor);
}

//! RFC 7672 §3.2.2: below an alias the records' own name counts, not that of the alias.
void tst_DaneLookup::anchorBelowAnAlias() {
    const auto compare = [](const std::string &certified) {
        const auto chain = derOf(test::testCa().server(certified).chainPem);
        auto mx = encrypted(chain);
        auto found = with({ofCertificate(2, chain.at(1))});
        found.base = "real.hosting.example";
        (void)assurance::compareWithTlsa(found, {"court.example"}, base::SystemClock().now(), mx);
        return mx.dane.match;
    };
    QVERIFY(compare("real.hosting.example") == DaneMatch::Anchor);
    QVERIFY(compare(kHost) == DaneMatch::Mismatch);
}

void tst_DaneLookup::ofTheDomain_data() {
    QTest::addColumn<std::vector<Evidence>>("each");
    QTest::addColumn<int>("expected");
    using enum Evidence;
    const auto row = [](const char *name, std::vector<Evidence> each, Evidence expected) {
        QTest::newRow(name) << each << static_cast<int>(expected);
    };
    row("no MX", {}, NotChecked);
    row("one of two", {ProvenAbsent, Proven}, Proven);
    row("none", {ProvenAbsent, NotChecked}, ProvenAbsent);
    row("a doubt outweighs", {Proven, TempFailure}, TempFailure);
    row("forged outweighs all", {Proven, TempFailure, Bogus}, Bogus);
}

void tst_DaneLookup::ofTheDomain() {
    QFETCH(std::vector<Evidence>, each);
    QFETCH(int, expected);
    std::vector<assurance::MxReport> mx;
    for (const auto status : each) {
        mx.emplace_back().dane.status = status;
    }
    QCOMPARE(static_cast<int>(assurance::daneStatusOf(mx)), expected);
}

QTEST_GUILESS_MAIN(tst_DaneLookup)
#include "tst_DaneLookup.moc"
