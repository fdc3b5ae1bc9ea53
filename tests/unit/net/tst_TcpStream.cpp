// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/AddressOrder.h"
#include "net/TcpStream.h"

#include <QElapsedTimer>
#include <QtTest>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace sealpost;
using namespace std::chrono_literals;
using net::ByteStream;
using net::TcpListener;

namespace {
//! A connected pair.
struct Pair {
    std::unique_ptr<TcpListener> listener = *TcpListener::listen("127.0.0.1", Port{0});
    std::unique_ptr<ByteStream> client =
        *net::connectTcp({"127.0.0.1"}, listener->port(), Deadline::after(5s), {});
    std::unique_ptr<ByteStream> server = *listener->accept(Deadline::after(5s), {});
};

//! A loopback port on which nobody listens.
Port closedPort() {
    return (*TcpListener::listen("127.0.0.1", Port{0}))->port();
}

//! A loopback address at which connections neither stand nor fail: its queue is full, so the kernel
//! drops what comes.
class SilentAddress {
public:
    SilentAddress(const char *literal, Port port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        inet_pton(AF_INET, literal, &address.sin_addr);
        const auto *raw = reinterpret_cast<const sockaddr *>(&address);
        m_sockets.push_back(::socket(AF_INET, SOCK_STREAM, 0));
        const int on = 1;
        ::setsockopt(m_sockets[0], SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (::bind(m_sockets[0], raw, sizeof address) != 0 || ::listen(m_sockets[0], 0) != 0) {
            qFatal("no silent address");
        }
        for (int i = 0; i < 4; ++i) {
            m_sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(m_sockets.back(), raw, sizeof address);
        }
    }
    ~SilentAddress() {
        for (const int one : m_sockets) {
            ::close(one);
        }
    }
    SilentAddress(const SilentAddress &) = delete;
    SilentAddress &operator=(const SilentAddress &) = delete;

private:
    std::vector<int> m_sockets;
};
} // namespace

class tst_TcpStream : public QObject {
    Q_OBJECT
private slots:
    void carriesBytes();
    void endIsZero();
    void readKeepsItsDeadline();
    void stopEndsARead();
    void stopEndsAWrite();
    void stopEndsAnAccept();
    void writeToOneThatHasGone();
    void closedByOurselves();
    void refused();
    void noAddress();
    void notAnAddress();
    void nextAddressIsTried();
    void ipv6();
    void familiesTakeTurns();
    void silentAddressCostsAMoment();
    void firstThatStandsWins();
    void manySilentAddressesKeepTheDeadline();
    void stopEndsAConnect();
    void listenFails();
};

void tst_TcpStream::carriesBytes() {
    Pair pair;
    const std::string sent(1 << 20, 'x');
    std::jthread writer([&] { (void)pair.client->write(sent, Deadline::after(5s), {}); });
    std::string got;
    std::array<char, 5000> bytes{};
    while (got.size() < sent.size()) {
        const auto count = pair.server->read(bytes, Deadline::after(5s), {});
        QVERIFY(count && *count > 0);
        got.append(bytes.data(), *count);
    }
    QCOMPARE(got, sent);
}

void tst_TcpStream::endIsZero() {
    Pair pair;
    pair.server->close();
    std::array<char, 8> bytes{};
    const auto count = pair.client->read(bytes, Deadline::after(5s), {});
    QVERIFY(count.has_value());
    QCOMPARE(*count, 0U);
}

void tst_TcpStream::readKeepsItsDeadline() {
    Pair pair;
    std::array<char, 8> bytes{};
    QElapsedTimer timer;
    timer.start();
    const auto count = pair.client->read(bytes, Deadline::after(80ms), {});
    QVERIFY(!count);
    QCOMPARE(count.error().code, "net.deadline");
    QVERIFY(timer.elapsed() >= 79);
}

void tst_TcpStream::stopEndsARead() {
    Pair pair;
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(20ms);
        stop.request_stop();
    });
    std::array<char, 8> bytes{};
    QElapsedTimer timer;
    timer.start();
    const auto count = pair.client->read(bytes, Deadline::after(60s), stop.get_token());
    QVERIFY(!count);
    QCOMPARE(count.error().code, "net.stopped");
    QVERIFY(timer.elapsed() < 10'000);
}

void tst_TcpStream::stopEndsAWrite() {
    Pair pair;
    std::stop_source stop;
    stop.request_stop();
    // More than the kernel takes, to a peer that does not read.
    const std::string much(64 << 20, 'x');
    const auto written = pair.client->write(much, Deadline::after(60s), stop.get_token());
    QVERIFY(!written);
    QCOMPARE(written.error().code, "net.stopped");
}

void tst_TcpStream::stopEndsAnAccept() {
    const auto listener = *TcpListener::listen("127.0.0.1", Port{0});
    std::stop_source stop;
    stop.request_stop();
    const auto stream = listener->accept(Deadline::after(60s), stop.get_token());
    QVERIFY(!stream);
    QCOMPARE(stream.error().code, "net.stopped");
}

void tst_TcpStream::writeToOneThatHasGone() {
    Pair pair;
    pair.server->close();
    // The first write may still be taken; SIGPIPE would end this program at a later one.
    Result<void> written;
    for (int i = 0; i < 100 && written; ++i) {
        written = pair.client->write("x", Deadline::after(5s), {});
        std::this_thread::sleep_for(1ms);
    }
    QVERIFY(!written);
    QCOMPARE(written.error().code, "net.broken");
    QCOMPARE(written.error().reaction, Reaction::Retry);
}

void tst_TcpStream::closedByOurselves() {
    Pair pair;
    pair.client->close();
    std::array<char, 8> bytes{};
    QCOMPARE(pair.client->read(bytes, Deadline::after(1s), {}).error().code, "net.broken");
    QCOMPARE(pair.client->write("x", Deadline::after(1s), {}).error().code, "net.broken");
}

void tst_TcpStream::refused() {
    const auto port = closedPort();
    const auto stream = net::connectTcp({"127.0.0.1"}, port, Deadline::after(5s), {});
    QVERIFY(!stream);
    QCOMPARE(stream.error().code, "net.refused");
    QCOMPARE(stream.error().subject,
             "127.0.0.1:" + std::to_string(static_cast<std::uint16_t>(port)));
}

void tst_TcpStream::noAddress() {
    const auto stream = net::connectTcp({}, Port{25}, Deadline::after(5s), {});
    QVERIFY(!stream);
    QCOMPARE(stream.error().code, "net.unreachable");
}

void tst_TcpStream::notAnAddress() {
    const auto stream = net::connectTcp({"mx.example"}, Port{25}, Deadline::after(5s), {});
    QVERIFY(!stream);
    QCOMPARE(stream.error().code, "net.unreachable");
}

void tst_TcpStream::nextAddressIsTried() {
    const auto listener = *TcpListener::listen("127.0.0.2", Port{0});
    const auto stream =
        net::connectTcp({"127.0.0.3", "127.0.0.2"}, listener->port(), Deadline::after(5s), {});
    QVERIFY(stream.has_value());
}

void tst_TcpStream::ipv6() {
    const auto listener = TcpListener::listen("::1", Port{0});
    if (!listener) {
        QSKIP("no IPv6 loopback here");
    }
    QVERIFY(net::connectTcp({"::1"}, (*listener)->port(), Deadline::after(5s), {}).has_value());
}

void tst_TcpStream::familiesTakeTurns() {
    using Addresses = std::vector<std::string>;
    //= RFC 8305 §4: the families are interleaved, and IPv6 begins.
    QCOMPARE(
        net::interleaved({"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8::3"}),
        (Addresses{"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"}));
    QCOMPARE(net::interleaved({"192.0.2.2", "192.0.2.1"}), (Addresses{"192.0.2.2", "192.0.2.1"}));
    QVERIFY(net::interleaved({}).empty());
}

void tst_TcpStream::silentAddressCostsAMoment() {
    const auto listener = *TcpListener::listen("127.0.0.2", Port{0});
    const SilentAddress silent("127.0.0.3", listener->port());
    QElapsedTimer timer;
    timer.start();
    const auto stream =
        net::connectTcp({"127.0.0.3", "127.0.0.2"}, listener->port(), Deadline::after(60s), {});
    QVERIFY(stream.has_value());
    //= RFC 8305 §5: the next attempt starts after 250 ms, not when the first has given up.
    QVERIFY(timer.elapsed() >= 240);
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

void tst_TcpStream::firstThatStandsWins() {
    const auto listener = *TcpListener::listen("127.0.0.2", Port{0});
    const SilentAddress silent("127.0.0.3", listener->port());
    auto stream = net::connectTcp({"127.0.0.3", "127.0.0.4", "127.0.0.2"}, listener->port(),
                                  Deadline::after(60s), {});
    QVERIFY(stream.has_value()); // past a silent one and one that refuses
    const auto server = listener->accept(Deadline::after(5s), {});
    QVERIFY(server.has_value());
    QVERIFY((*stream)->write("x", Deadline::after(5s), {}).has_value());
    std::array<char, 8> bytes{};
    QCOMPARE((*server)->read(bytes, Deadline::after(5s), {}).value_or(0), 1U);
}

void tst_TcpStream::manySilentAddressesKeepTheDeadline() {
    const auto port = closedPort();
    const SilentAddress one("127.0.0.3", port);
    const SilentAddress two("127.0.0.4", port);
    QElapsedTimer timer;
    timer.start();
    const auto stream =
        net::connectTcp({"127.0.0.3", "127.0.0.4"}, port, Deadline::after(600ms), {});
    QVERIFY(!stream);
    QCOMPARE(stream.error().code, "net.deadline");
    QVERIFY(timer.elapsed() >= 599 && timer.elapsed() < 10'000);
}

void tst_TcpStream::stopEndsAConnect() {
    const auto port = closedPort();
    const SilentAddress silent("127.0.0.3", port);
    std::stop_source stop;
    stop.request_stop();
    const auto stream =
        net::connectTcp({"127.0.0.3"}, port, Deadline::after(60s), stop.get_token());
    QVERIFY(!stream);
    QCOMPARE(stream.error().code, "net.stopped");
}

void tst_TcpStream::listenFails() {
    const auto first = *TcpListener::listen("127.0.0.1", Port{0});
    const auto second = TcpListener::listen("127.0.0.1", first->port());
    QVERIFY(!second);
    QCOMPARE(second.error().code, "net.listen");
    QCOMPARE(second.error().reaction, Reaction::AskAdmin);
    QVERIFY(!TcpListener::listen("192.0.2.1", Port{0}));
    QVERIFY(!TcpListener::listen("nowhere", Port{0}));
}

QTEST_GUILESS_MAIN(tst_TcpStream)
#include "tst_TcpStream.moc"
