// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/SmimeaLookup.h"

#include "net/TlsaRecord.h"
#include "support/FakeResolver.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::assurance;

namespace {

Deadline soon() {
    return Deadline::after(std::chrono::seconds(5));
}

net::DnsAnswer answerOf(const std::vector<crypto::TlsaRecord> &records, net::DnsSecurity security) {
    net::DnsAnswer answer;
    answer.outcome = net::DnsOutcome::Records;
    answer.security = security;
    for (const auto &record : records) {
        answer.rdata.push_back(net::encodeTlsa(record));
    }
    return answer;
}

} // namespace

class TstSmimeaLookup : public QObject {
    Q_OBJECT
private slots:
    void theNameOfTheRfc();
    void namesOfLocalParts();
    void onlyWhatDnssecProves_data();
    void onlyWhatDnssecProves();
    void recordsThatAreNone();
};

//! The example of RFC 8162 §3: hugh@example.com.
void TstSmimeaLookup::theNameOfTheRfc() {
    QCOMPARE(smimeaName(*mail::Address::parse("hugh@example.com")),
             std::string("c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6."
                         "_smimecert.example.com"));
}

void TstSmimeaLookup::namesOfLocalParts() {
    const auto name = [](const char *address) {
        return smimeaName(*mail::Address::parse(address));
    };
    QVERIFY(name("Hugh@example.com") != name("hugh@example.com"));
    QCOMPARE(name("\"hugh\"@example.com"), name("hugh@example.com"));
    QCOMPARE(name("hugh@EXAMPLE.com"), name("hugh@example.com"));
    QCOMPARE(name("zoe\u0308@example.com"), name("zo\u00eb@example.com")); // NFC
}

void TstSmimeaLookup::onlyWhatDnssecProves_data() {
    QTest::addColumn<net::DnsSecurity>("security");
    QTest::addColumn<bool>("counts");
    QTest::newRow("rfc8162-2-secure") << net::DnsSecurity::Secure << true;
    QTest::newRow("insecure") << net::DnsSecurity::Insecure << false;
}

void TstSmimeaLookup::onlyWhatDnssecProves() {
    QFETCH(net::DnsSecurity, security);
    QFETCH(bool, counts);
    test::FakeResolver resolver;
    const auto address = *mail::Address::parse("hugh@example.com");
    resolver.add(smimeaName(address), net::DnsType::Smimea,
                 answerOf({{3, 0, 0, "der"}, {3, 1, 1, std::string(32, 'x')}}, security));
    const auto found = lookupSmimea(resolver, address, soon(), {});
    QCOMPARE(found.evidence == Evidence::Proven, counts);
    QCOMPARE(found.records.size(), std::size_t{counts ? 2U : 0U});
    QCOMPARE(certificatesIn(found.records).size(), std::size_t{counts ? 1U : 0U});
}

void TstSmimeaLookup::recordsThatAreNone() {
    test::FakeResolver resolver;
    const auto address = *mail::Address::parse("hugh@example.com");
    resolver.add(smimeaName(address), net::DnsType::Smimea,
                 answerOf({{4, 0, 0, "der"},
                           {3, 2, 0, "der"},
                           {3, 0, 3, "der"},
                           {3, 0, 0, std::string(40'000, 'x')},
                           {2, 0, 0, "der"},
                           {3, 0, 0, "der"}},
                          net::DnsSecurity::Secure));
    const auto found = lookupSmimea(resolver, address, soon(), {});
    QCOMPARE(found.records.size(), std::size_t{2});
    QCOMPARE(certificatesIn(found.records).size(), std::size_t{1}); // each once
    const auto nobody =
        lookupSmimea(resolver, *mail::Address::parse("nobody@example.com"), soon(), {});
    QVERIFY(nobody.evidence != Evidence::Proven && nobody.records.empty());
}

QTEST_GUILESS_MAIN(TstSmimeaLookup)
#include "tst_SmimeaLookup.moc"
