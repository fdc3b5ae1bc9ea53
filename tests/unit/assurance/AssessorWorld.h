// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainAssessor.h"
#include "net/TlsaRecord.h"
#include "net/TxtRecord.h"
#include "support/FakeClock.h"
#include "support/FakeResolver.h"
#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"
#include "unit/assurance/MemoryCache.h"

#include <QCryptographicHash>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace sealpost::assurance::testing {
using namespace std::chrono_literals;
using namespace std::string_literals;
using test::Dialogue;
using test::ScriptedServer;

inline constexpr auto kDomain = "court.example";

//! What stands at one MX: "good", a certificate's fault, the name of a dialogue without "probe-",
//! or "dead" (nobody listens).
struct Mx {
    std::string kind;
};

//! A domain with its MX on 127.0.0.1, 127.0.0.2, …, all on one port.
class World {
public:
    explicit World(const std::vector<Mx> &mx,
                   net::DnsSecurity security = net::DnsSecurity::Insecure) {
        std::vector<net::MxRecord> records;
        for (std::size_t i = 0; i < mx.size(); ++i) {
            const auto host = "mx" + std::to_string(i + 1) + "." + kDomain;
            const auto address = "127.0.0." + std::to_string(i + 1);
            records.push_back({static_cast<std::uint16_t>(10 * (i + 1)), host});
            dns->addAddresses(host, {address});
            if (mx[i].kind != "dead") {
                start(host, address, mx[i].kind);
            }
        }
        if (!records.empty()) {
            dns->addMx(kDomain, records, security);
        }
        if (m_port == Port{0}) {
            m_port = (*net::TcpListener::listen("127.0.0.1", Port{0}))->port();
        }
    }

    [[nodiscard]] AssessorConfig config() const {
        AssessorConfig config;
        config.resolver = dns;
        config.clock = clock;
        config.cache = cache;
        config.caFile = test::testCa().rootFile();
        config.smtpPort = m_port;
        config.clientName = "probe.example";
        config.policy.privateNetworks = {"127.0.0.0/8"};
        config.network = [name = network] { return *name; };
        config.fetchPolicy = [this](const std::string &, Deadline, std::stop_token) {
            ++fetches;
            return policyFile;
        };
        return config;
    }

    //! Its addresses signed, and with these TLSA records, which are signed as well.
    void publishTlsa(std::size_t mx, const std::vector<crypto::TlsaRecord> &records,
                     std::chrono::seconds ttl = 1h) const {
        const auto number = std::to_string(mx + 1);
        const auto host = "mx" + number + "." + kDomain;
        dns->addRecords(host, net::DnsType::A, {net::encodeAddress("127.0.0." + number)},
                        net::DnsSecurity::Secure);
        net::DnsAnswer answer;
        answer.outcome = net::DnsOutcome::Records;
        answer.security = net::DnsSecurity::Secure;
        answer.ttl = ttl;
        for (const auto &record : records) {
            answer.rdata.push_back(net::encodeTlsa(record));
        }
        dns->add("_25._tcp." + host, net::DnsType::Tlsa, std::move(answer));
    }

    void publishMtaSts(const std::string &mode, const std::string &pattern = "*.court.example",
                       const std::string &maxAge = "604800") {
        dns->addRecords("_mta-sts."s + kDomain, net::DnsType::Txt,
                        {net::encodeTxt("v=STSv1; id=1")});
        policyFile =
            "version: STSv1\nmode: " + mode + "\nmx: " + pattern + "\nmax_age: " + maxAge + "\n";
    }

    //! The record for the certificate of one server: DANE-EE, whole certificate, SHA-256.
    [[nodiscard]] crypto::TlsaRecord recordOf(std::size_t mx) const {
        return {3, 0, 1, digests.at(mx)};
    }

    [[nodiscard]] DomainReport assess(std::chrono::milliseconds time = 10s) const {
        return DomainAssessor(config()).assess(kDomain, Freshness::Cached, Deadline::after(time),
                                               {});
    }

    std::shared_ptr<test::FakeResolver> dns = std::make_shared<test::FakeResolver>();
    std::shared_ptr<test::FakeClock> clock =
        std::make_shared<test::FakeClock>(base::SystemClock().now());
    std::shared_ptr<test::MemoryCache> cache = std::make_shared<test::MemoryCache>();
    std::vector<std::unique_ptr<ScriptedServer>> servers;
    std::shared_ptr<std::string> network = std::make_shared<std::string>("one");
    Result<std::string> policyFile = fail("http.failed", "http.get", Reaction::Retry);
    mutable std::atomic<int> fetches = 0;
    std::vector<std::string> digests; //!< SHA-256 of the servers' certificates

private:
    static bool isFault(const std::string &kind) {
        return kind == "good" || kind == "expired" || kind == "wrong-name" ||
               kind == "self-signed" || kind == "weak-key";
    }

    static std::string digestOf(const std::string &pem) {
        const auto text = QByteArray::fromStdString(pem);
        const auto begin = text.indexOf("CERTIFICATE-----") + 16;
        const auto body = text.mid(begin, text.indexOf("-----END") - begin);
        return QCryptographicHash::hash(QByteArray::fromBase64(body), QCryptographicHash::Sha256)
            .toStdString();
    }

    void start(const std::string &host, const std::string &address, const std::string &kind) {
        const auto dialogue = Dialogue::load("probe-" + (isFault(kind) ? "encrypted"s : kind));
        const auto tls =
            test::serverTls(host, isFault(kind) ? test::faultFrom(kind) : test::ServerFault::None);
        digests.push_back(digestOf(tls.certificateChainPem));
        servers.push_back(std::make_unique<ScriptedServer>(
            test::ScriptedServerConfig{dialogue, test::Pacing::Whole, tls, address, m_port}));
        m_port = servers.back()->port();
    }

    Port m_port{0};
};

inline std::string word(Assurance assurance) {
    return std::string(base::toString(assurance));
}

inline Evidence evidence(const DomainReport &report, const std::string &what) {
    for (const auto &item : report.evidence) {
        if (item.what == what) {
            return item.outcome;
        }
    }
    throw std::runtime_error("no evidence " + what);
}

} // namespace sealpost::assurance::testing
