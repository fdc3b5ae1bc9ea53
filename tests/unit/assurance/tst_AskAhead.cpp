// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/AskAhead.h"

#include "AssessorWorld.h"

#include <QtTest>
#include <map>
#include <mutex>
#include <set>

using namespace sealpost;
using namespace sealpost::assurance::testing;
using net::DnsSecurity;
using net::DnsType;

namespace {
//! Remembers what it was told to expect; otherwise another resolver.
class Listener final : public net::DnsResolver {
public:
    explicit Listener(std::shared_ptr<net::DnsResolver> below = nullptr)
        : m_below(std::move(below)) {}

    net::DnsAnswer query(const std::string &name, DnsType type, Deadline deadline,
                         std::stop_token stop) override {
        return m_below->query(name, type, deadline, std::move(stop));
    }
    void expect(const std::string &zone, const std::vector<net::DnsQuestion> &questions) override {
        const std::lock_guard lock(m_mutex);
        auto &names = m_expected[zone];
        for (const auto &question : questions) {
            names.insert(std::to_string(static_cast<int>(question.type)) + " " + question.name);
        }
    }
    [[nodiscard]] std::map<std::string, std::set<std::string>> expected() const {
        const std::lock_guard lock(m_mutex);
        return m_expected;
    }

private:
    std::shared_ptr<net::DnsResolver> m_below;
    mutable std::mutex m_mutex;
    std::map<std::string, std::set<std::string>> m_expected;
};
} // namespace

class tst_AskAhead : public QObject {
    Q_OBJECT
private slots:
    void whatAReportBeginsWith();
    void policyIsHeeded();
    void anAddressIsNoHost();
    void duringAReport();
};

void tst_AskAhead::whatAReportBeginsWith() {
    const auto below = std::make_shared<test::FakeResolver>();
    below->addMx("mail.court.example", {{10, "mx.hosting.example"}});
    Listener dns(below);
    assurance::askAhead(dns, {}, "mail.court.example", {});
    const auto expected = dns.expected();
    const auto &own = expected.at("mail.court.example");
    QVERIFY(own.contains("15 mail.court.example"));
    QVERIFY(own.contains("16 _mta-sts.mail.court.example"));
    QVERIFY(own.contains("16 _smtp._tls.mail.court.example"));
    QCOMPARE(own.size(), 4U); // and a random name beside it, for a wildcard
    QVERIFY(expected.at("cjsm.net").contains("15 mail.court.example.cjsm.net"));
    QVERIFY(expected.at("hosting.example").contains("52 _25._tcp.mx.hosting.example"));
    QVERIFY(expected.at("mx.hosting.example").contains("1 mx.hosting.example"));
}

void tst_AskAhead::policyIsHeeded() {
    Listener dns(std::make_shared<test::FakeResolver>());
    policy::Policy policy;
    policy.fetchMtaSts = false;
    assurance::askAhead(dns, policy, "court.example", {});
    QVERIFY(!dns.expected().at("court.example").contains("16 _mta-sts.court.example"));
}

void tst_AskAhead::anAddressIsNoHost() {
    Listener dns;
    assurance::expectHost(dns, "192.0.2.1");
    assurance::expectHost(dns, "localhost");
    QVERIFY(dns.expected().empty());
}

void tst_AskAhead::duringAReport() {
    const World world({{"good"}}, DnsSecurity::Secure);
    auto config = world.config();
    const auto dns = std::make_shared<Listener>(config.resolver);
    config.resolver = dns;
    assurance::DomainAssessor assessor(config);
    (void)assessor.assess(kDomain, assurance::Freshness::Fresh, Deadline::after(30s), {});
    // Its keys at once, and the records of its server before the dialogue with that.
    QVERIFY(dns->expected().at(kDomain).contains("52 _25._tcp.mx1.court.example"));
}

QTEST_GUILESS_MAIN(tst_AskAhead)
#include "tst_AskAhead.moc"
