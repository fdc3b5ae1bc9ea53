// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ProxyConnect.h"

#include "net/TcpStream.h"

#include <QtTest>
#include <array>
#include <thread>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {
constexpr auto kHost = "smtp.example";
constexpr Port kPort{465};

enum class Ending { Close, Silence, Endless };

//! A proxy that answers each of a client's messages with the next of its answers, whatever they
//! say.
class ScriptedProxy {
public:
    ScriptedProxy(std::vector<std::string> answers, Ending ending)
        : m_listener(std::move(*net::TcpListener::listen("127.0.0.1", Port{0}))),
          m_thread([this, answers = std::move(answers), ending](const std::stop_token &stop) {
              while (auto client = m_listener->accept(Deadline::after(1min), stop)) {
                  play(**client, answers, ending, stop);
              }
          }) {}

    [[nodiscard]] std::string name() const {
        return "127.0.0.1:" + std::to_string(static_cast<std::uint16_t>(m_listener->port()));
    }
    //! What the client said; once the proxy has ended.
    std::string said() {
        m_thread.request_stop();
        m_thread.join();
        return m_said;
    }

private:
    void play(net::ByteStream &client, const std::vector<std::string> &answers, Ending ending,
              const std::stop_token &stop) {
        std::array<char, 4096> bytes{};
        const auto deadline = Deadline::after(1min);
        for (const auto &answer : answers) {
            const auto count = client.read(bytes, deadline, stop);
            if (!count || *count == 0) {
                return;
            }
            m_said.append(bytes.data(), *count);
            if (!client.write(answer, deadline, stop)) {
                return;
            }
        }
        while (ending == Ending::Endless && client.write(answers.back(), deadline, stop)) {
        }
        while (ending == Ending::Silence && client.read(bytes, deadline, stop).value_or(0) > 0) {
        }
        client.close();
    }

    std::unique_ptr<net::TcpListener> m_listener;
    std::string m_said;
    std::jthread m_thread; //!< last: ends before what it uses
};

void clearEnvironment() {
    for (const char *name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy",
                             "no_proxy", "NO_PROXY"}) {
        qunsetenv(name);
    }
}

std::string codeOf(const Result<std::unique_ptr<net::ByteStream>> &result) {
    return result ? *result == nullptr ? "direct" : "stream" : result.error().code;
}

auto connectNow(std::chrono::milliseconds time = 20s) {
    return net::connectByProxy(kHost, kPort, Deadline::after(time), {});
}
} // namespace

class tst_ProxyConnect : public QObject {
    Q_OBJECT
private slots:
    void init() { clearEnvironment(); }
    void badAnswer_data();
    void badAnswer();
    void connect();
    void socks();
    void greetingRightBehindTheAnswer();
    void credentialsOfTheProxy();
    void whichOnesGoDirect_data();
    void whichOnesGoDirect();
    void kindsOfProxies_data();
    void kindsOfProxies();
    void nobodyListens();
    void stopped();
};

void tst_ProxyConnect::badAnswer_data() {
    QTest::addColumn<std::string>("scheme");
    QTest::addColumn<std::vector<std::string>>("answers");
    QTest::addColumn<Ending>("ending");
    QTest::addColumn<std::string>("code");
    QTest::addColumn<int>("reaction");
    const auto row = [](const char *name, const char *scheme, std::vector<std::string> answers,
                        Ending ending, const char *code, Reaction reaction) {
        QTest::newRow(name) << std::string(scheme) << std::move(answers) << ending
                            << std::string(code) << static_cast<int>(reaction);
    };
    const auto http = [&](const char *name, const std::string &answer, Ending ending,
                          const char *code, Reaction reaction) {
        row(name, "http", {answer}, ending, code, reaction);
    };
    const std::string end = "\r\nContent-Length: 0\r\n\r\n";
    http("rfc9110-15.5.8-no-credentials",
         "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"" +
             end,
         Ending::Close, "proxy.sign-in", Reaction::AskAdmin);
    http("407-without-a-challenge", "HTTP/1.1 407 No" + end, Ending::Close, "proxy.sign-in",
         Reaction::AskAdmin);
    http("401-of-tinyproxy", "HTTP/1.1 401 Unauthorized" + end, Ending::Close, "proxy.sign-in",
         Reaction::AskAdmin);
    http("403", "HTTP/1.1 403 Filtered" + end, Ending::Close, "proxy.refused", Reaction::AskAdmin);
    http("405", "HTTP/1.1 405 No CONNECT" + end, Ending::Close, "proxy.refused",
         Reaction::AskAdmin);
    http("redirect", "HTTP/1.1 302 Found\r\nLocation: http://evil.example/" + end, Ending::Close,
         "proxy.refused", Reaction::AskAdmin);
    http("502", "HTTP/1.1 502 Bad Gateway" + end, Ending::Close, "proxy.no-way", Reaction::Retry);
    http("503-with-an-endless-page", "HTTP/1.1 503 x\r\nContent-Length: 99\r\n\r\nshort",
         Ending::Close, "proxy.no-way", Reaction::Retry);
    http("truncated", "HTTP/1.1 200 Conn", Ending::Close, "proxy.garbage", Reaction::Retry);
    http("hangs-up", "", Ending::Close, "proxy.garbage", Reaction::Retry);
    http("not-http", "220 smtp.evil.example ESMTP\r\n", Ending::Close, "proxy.garbage",
         Reaction::Retry);
    http("endless-line", "HTTP/1.1 200 " + std::string(5000, 'x'), Ending::Endless, "proxy.garbage",
         Reaction::Retry);
    http("endless-headers", "HTTP/1.1 200 x\r\nX-More: " + std::string(500, 'x') + "\r\n",
         Ending::Endless, "proxy.garbage", Reaction::Retry);
    http("silent", "", Ending::Silence, "proxy.deadline", Reaction::Retry);

    const std::string agreed = "\x05\x00"s;
    const auto reply = [](char code) {
        return "\x05"s + code + "\x00\x01\x00\x00\x00\x00\x00\x00"s;
    };
    row("rfc1928-3-no-method", "socks5", {"\x05\xff"s}, Ending::Close, "proxy.sign-in",
        Reaction::AskAdmin);
    row("socks-other-version", "socks5", {"\x04\x00"s}, Ending::Close, "proxy.garbage",
        Reaction::Retry);
    row("socks-truncated-method", "socks5", {"\x05"s}, Ending::Close, "proxy.garbage",
        Reaction::Retry);
    row("socks-truncated-reply", "socks5", {agreed, "\x05\x00\x00"s}, Ending::Close,
        "proxy.garbage", Reaction::Retry);
    row("socks-address-of-no-kind", "socks5", {agreed, "\x05\x00\x00\x07\x00\x00\x00\x00\x00\x00"s},
        Ending::Close, "proxy.garbage", Reaction::Retry);
    row("rfc1928-6-general-failure", "socks5", {agreed, reply(1)}, Ending::Close, "proxy.no-way",
        Reaction::Retry);
    row("rfc1928-6-not-allowed", "socks5", {agreed, reply(2)}, Ending::Close, "proxy.refused",
        Reaction::AskAdmin);
    row("rfc1928-6-host-unreachable", "socks5", {agreed, reply(4)}, Ending::Close, "proxy.no-way",
        Reaction::Retry);
    row("rfc1928-6-refused", "socks5", {agreed, reply(5)}, Ending::Close, "proxy.no-way",
        Reaction::Retry);
    row("socks-speaks-http", "socks5", {"HTTP/1.1 400 Bad Request\r\n\r\n"}, Ending::Close,
        "proxy.garbage", Reaction::Retry);
    row("socks-silent", "socks5", {agreed}, Ending::Silence, "proxy.deadline", Reaction::Retry);
}

void tst_ProxyConnect::badAnswer() {
    QFETCH(std::string, scheme);
    QFETCH(std::vector<std::string>, answers);
    QFETCH(Ending, ending);
    QFETCH(std::string, code);
    QFETCH(int, reaction);
    ScriptedProxy proxy(answers, ending);
    qputenv("all_proxy", QByteArray::fromStdString(scheme + "://" + proxy.name()));
    const auto stream = connectNow(ending == Ending::Silence ? 500ms : 20s);
    QCOMPARE(codeOf(stream), code);
    QCOMPARE(static_cast<int>(stream.error().reaction), reaction);
    QCOMPARE(stream.error().subject, proxy.name());
}

void tst_ProxyConnect::connect() {
    ScriptedProxy proxy({"HTTP/1.1 200 Connection established\r\n\r\n"}, Ending::Silence);
    qputenv("HTTPS_PROXY", QByteArray::fromStdString("http://" + proxy.name()));
    QCOMPARE(codeOf(connectNow()), "stream");
    const auto said = proxy.said();
    QVERIFY2(said.starts_with("CONNECT smtp.example:465 HTTP/1.1\r\n"), said.c_str());
    QCOMPARE(said.find("Authorization"), std::string::npos);
}

//! The name goes to the proxy: nobody here looks it up, and it has no address here.
void tst_ProxyConnect::socks() {
    ScriptedProxy proxy({"\x05\x00"s, "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s},
                        Ending::Silence);
    qputenv("ALL_PROXY", QByteArray::fromStdString("socks5://" + proxy.name()));
    QCOMPARE(codeOf(connectNow()), "stream");
    const auto said = proxy.said();
    QVERIFY(said.ends_with("\x05\x01\x00\x03\x0csmtp.example\x01\xd1"s));
}

//! A server at 587 speaks first: its greeting can come in one segment with the proxy's answer.
void tst_ProxyConnect::greetingRightBehindTheAnswer() {
    ScriptedProxy proxy({"HTTP/1.1 200 OK\r\n\r\n220 smtp.example\r\n"}, Ending::Silence);
    qputenv("all_proxy", QByteArray::fromStdString(proxy.name()));
    const auto stream = connectNow();
    QCOMPARE(codeOf(stream), "stream");
    std::array<char, 64> bytes{};
    const auto count = (*stream)->read(bytes, Deadline::after(10s), {});
    QVERIFY(count.has_value());
    QCOMPARE(std::string(bytes.data(), *count), "220 smtp.example\r\n");
}

void tst_ProxyConnect::credentialsOfTheProxy() {
    ScriptedProxy web({"HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                       "Content-Length: 0\r\n\r\n",
                       "HTTP/1.1 200 OK\r\n\r\n"},
                      Ending::Silence);
    qputenv("all_proxy", QByteArray::fromStdString("http://sam:p%40ss@" + web.name()));
    QCOMPARE(codeOf(connectNow()), "stream");
    const auto said = web.said();
    QVERIFY2(said.find("Proxy-Authorization: Basic c2FtOnBAc3M=") != std::string::npos,
             said.c_str());

    ScriptedProxy socks({"\x05\x02"s, "\x01\x01"s}, Ending::Close);
    qputenv("all_proxy", QByteArray::fromStdString("socks5://sam:wrong@" + socks.name()));
    const auto refused = connectNow();
    QCOMPARE(codeOf(refused), "proxy.sign-in");
    QCOMPARE(refused.error().subject, socks.name());
    QCOMPARE(refused.error().logSafeDetail.find("wrong"), std::string::npos);
    QVERIFY(socks.said().ends_with("\x01\x03sam\x05wrong"s));
}

void tst_ProxyConnect::whichOnesGoDirect_data() {
    QTest::addColumn<QByteArray>("noProxy");
    QTest::addColumn<bool>("direct");
    QTest::newRow("its own name") << QByteArray("smtp.example") << true;
    QTest::newRow("capitals") << QByteArray("SMTP.Example") << true;
    QTest::newRow("domain") << QByteArray("localhost, .example") << true;
    QTest::newRow("domain without a dot") << QByteArray("a.test,example") << true;
    QTest::newRow("all") << QByteArray("*") << true;
    QTest::newRow("empty entries") << QByteArray(", ,.,") << false;
    QTest::newRow("end of a label") << QByteArray("mtp.example,ample") << false;
    QTest::newRow("block of addresses") << QByteArray("127.0.0.0/8") << false;
}

void tst_ProxyConnect::whichOnesGoDirect() {
    QFETCH(QByteArray, noProxy);
    QFETCH(bool, direct);
    ScriptedProxy proxy({"HTTP/1.1 200 OK\r\n\r\n"}, Ending::Silence);
    qputenv("https_proxy", QByteArray::fromStdString(proxy.name()));
    qputenv("no_proxy", noProxy);
    QCOMPARE(codeOf(connectNow()), direct ? "direct" : "stream");
}

void tst_ProxyConnect::kindsOfProxies_data() {
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<std::string>("code");
    QTest::newRow("none, as no_proxy alone is set") << QByteArray() << std::string("direct");
    QTest::newRow("https") << QByteArray("https://proxy.test:3129") << std::string("proxy.kind");
    QTest::newRow("socks4") << QByteArray("socks4://proxy.test") << std::string("proxy.kind");
    QTest::newRow("file") << QByteArray("file:///etc/passwd") << std::string("proxy.kind");
}

void tst_ProxyConnect::kindsOfProxies() {
    QFETCH(QByteArray, url);
    QFETCH(std::string, code);
    qputenv("no_proxy", "localhost");
    qputenv("all_proxy", url);
    QCOMPARE(codeOf(connectNow()), code);
}

void tst_ProxyConnect::nobodyListens() {
    auto listener = *net::TcpListener::listen("127.0.0.1", Port{0});
    const auto port = std::to_string(static_cast<std::uint16_t>(listener->port()));
    listener.reset();
    qputenv("all_proxy", QByteArray::fromStdString("http://u:secret@127.0.0.1:" + port));
    const auto stream = connectNow();
    QCOMPARE(codeOf(stream), "proxy.unreachable");
    QCOMPARE(stream.error().subject, "127.0.0.1:" + port);
}

void tst_ProxyConnect::stopped() {
    ScriptedProxy proxy({""}, Ending::Silence);
    qputenv("all_proxy", QByteArray::fromStdString(proxy.name()));
    std::stop_source stop;
    stop.request_stop();
    const auto stream = net::connectByProxy(kHost, kPort, Deadline::after(20s), stop.get_token());
    QCOMPARE(codeOf(stream), "net.stopped");
}

QTEST_GUILESS_MAIN(tst_ProxyConnect)
#include "tst_ProxyConnect.moc"
