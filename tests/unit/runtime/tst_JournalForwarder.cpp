// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TcpStream.h"
#include "net/TlsStream.h"
#include "runtime/JournalForwarder.h"
#include "store/JournalForms.h"
#include "support/FakeClock.h"
#include "support/FakeResolver.h"
#include "support/TestCa.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <thread>

using namespace sealpost;
using namespace sealpost::runtime;
using namespace std::chrono_literals;

namespace {

Deadline soon() {
    return Deadline::after(30s);
}

//! Takes one syslog session over TLS and keeps what came, to its end.
class Listener {
public:
    explicit Listener(const test::TestServerCertificate &certificate)
        : m_listener(net::TcpListener::listen("127.0.0.1", Port{0}).value()) {
        m_config.certificateChainPem = certificate.chainPem;
        m_config.privateKeyPem = certificate.keyPem;
        m_thread = std::thread([this] { serve(); });
    }
    ~Listener() { m_thread.join(); }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    [[nodiscard]] Port port() const { return m_listener->port(); }
    [[nodiscard]] std::string wait() {
        m_thread.join();
        m_thread = std::thread([] {});
        return m_got;
    }

private:
    void serve() {
        auto below = m_listener->accept(soon(), {});
        auto engine = crypto::TlsEngine::server(m_config);
        if (!below || !engine) {
            return;
        }
        auto stream = net::TlsStream::handshake(std::move(*below), std::move(*engine), soon(), {});
        if (!stream) {
            return;
        }
        std::array<char, 1000> buffer{};
        for (;;) {
            const auto count = (*stream)->read(buffer, soon(), {});
            if (!count || *count == 0) {
                (*stream)->close();
                return;
            }
            m_got.append(buffer.data(), *count);
        }
    }

    crypto::TlsServerConfig m_config;
    std::unique_ptr<net::TcpListener> m_listener;
    std::string m_got;
    std::thread m_thread;
};

struct World {
    World() {
        database = store::Database::open(dir.path().toStdString() + "/sealpost.db",
                                         SecretBytes(std::string(32, 'k')))
                       .value();
        journal = std::make_shared<store::AuditJournal>(database, clock);
    }
    [[nodiscard]] Result<std::int64_t> forwardTo(Port port) const {
        JournalForwarder forwarder(journal, store::SealedFacts(database),
                                   std::make_shared<test::FakeResolver>());
        return forwarder.forward({"127.0.0.1", port, ca.rootFile()}, "desk-7", soon(), {});
    }
    [[nodiscard]] std::string frames(std::int64_t from) const {
        std::string all;
        const auto lines = journal->list().value();
        for (const auto &line : lines) {
            all += line.sequence >= from ? store::framed(store::toSyslog(line, "desk-7")) : "";
        }
        return all;
    }

    test::TestCa ca;
    QTemporaryDir dir;
    std::shared_ptr<test::FakeClock> clock = std::make_shared<test::FakeClock>();
    std::shared_ptr<store::Database> database;
    std::shared_ptr<store::AuditJournal> journal;
};

} // namespace

class TstJournalForwarder : public QObject {
    Q_OBJECT
private slots:
    void eachLineOnceToEachServer();
    void notToAnyServer();
    void notWithoutAServer();
};

void TstJournalForwarder::eachLineOnceToEachServer() {
    const World world;
    const auto certificate = world.ca.server("127.0.0.1");
    for (int i = 0; i < 300; ++i) {
        QVERIFY(world.journal->append("plan.approved", {{"reason", std::string(200, 'x')}}));
    }
    Listener first(certificate);
    QCOMPARE(world.forwardTo(first.port()).value(), 300);
    QCOMPARE(first.wait(), world.frames(1));
    // Nothing new: nobody is connected to.
    QCOMPARE(world.forwardTo(first.port()).value(), 0);
    Listener second(certificate);
    QCOMPARE(world.forwardTo(second.port()).value(), 300); // another server has got none
    QCOMPARE(second.wait(), world.frames(1));
    QVERIFY(world.journal->append("outbox.queued", {}));
    // The one that got lines last is remembered, by host and port.
    QCOMPARE(world.forwardTo(Port{1}).error().code, "syslog.unreachable");
}

void TstJournalForwarder::notToAnyServer() {
    const World world;
    QVERIFY(world.journal->append("plan.approved", {}));
    const test::TestCa other;
    {
        Listener stranger(other.server("127.0.0.1"));
        QCOMPARE(world.forwardTo(stranger.port()).error().code, "syslog.certificate");
        QCOMPARE(stranger.wait(), "");
    }
    Listener wrongName(world.ca.server("log.example"));
    QCOMPARE(world.forwardTo(wrongName.port()).error().code, "syslog.certificate");
    QCOMPARE(wrongName.wait(), "");
    // What failed is sent the next time.
    Listener good(world.ca.server("127.0.0.1"));
    QCOMPARE(world.forwardTo(good.port()).value(), 1);
    QCOMPARE(good.wait(), world.frames(1));
}

void TstJournalForwarder::notWithoutAServer() {
    const World world;
    QVERIFY(world.journal->append("plan.approved", {}));
    JournalForwarder forwarder(world.journal, store::SealedFacts(world.database),
                               std::make_shared<test::FakeResolver>());
    QCOMPARE(forwarder.forward({"log.example"}, "desk-7", soon(), {}).error().code,
             "syslog.host-unknown");
}

QTEST_GUILESS_MAIN(TstJournalForwarder)
#include "tst_JournalForwarder.moc"
