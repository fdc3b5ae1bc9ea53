// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpsClient.h"

#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using test::Dialogue;
using test::ScriptedServer;

namespace {
std::string url(const ScriptedServer &server, const std::string &scheme = "http",
                const std::string &host = "127.0.0.1") {
    return scheme + "://" + host + ":" + std::to_string(static_cast<std::uint16_t>(server.port())) +
           "/file";
}

//! Serves one request with these header lines and body.
std::string serving(const std::string &status, const std::string &body,
                    const std::string &header = {}) {
    return "C: GET /file HTTP/1.1\nS! HTTP/1.1 " + status + "\\r\\n" + header +
           "Content-Length: " + std::to_string(body.size()) +
           "\\r\\nConnection: close\\r\\n\\r\\n" + body + "\n";
}

constexpr auto kBehindProxy = "policy.court.invalid";
//! What a client says to a proxy, and the proxy's consent.
const std::string kTunnel = "C: CONNECT policy.court.invalid:443 HTTP/1.1\nC: Host:\n"
                            "C: Proxy-Connection:\nC: \n"
                            "S! HTTP/1.1 200 Connection established\\r\\n\\r\\n\n";

QByteArray proxyUrl(const ScriptedServer &proxy) {
    return "http://127.0.0.1:" + QByteArray::number(static_cast<std::uint16_t>(proxy.port()));
}

net::HttpRequest behindProxy() {
    net::HttpRequest request{std::string("https://") + kBehindProxy + "/file"};
    request.caFile = test::testCa().rootFile();
    return request;
}
} // namespace

class tst_HttpsClient : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();
    void gets();
    void getsOverTls();
    void certificateIsChecked_data();
    void certificateIsChecked();
    void redirectIsNotFollowed();
    void formIsNotTakenElsewhere();
    void statusIsAnError();
    void tooLarge();
    void mediaType_data();
    void mediaType();
    void proxyOfTheEnvironment();
    void certificateIsCheckedBehindAProxy();
    void proxyThatRefuses();
    void noProxyForSomeHosts();
    void deadline();
    void stopped();
    void nobodyThere();
    void badUrl_data();
    void badUrl();
};

void tst_HttpsClient::initTestCase() {
    for (const auto *name : {"http_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"}) {
        qunsetenv(name);
    }
    cleanup();
}

void tst_HttpsClient::cleanup() {
    for (const auto *name : {"https_proxy", "HTTPS_PROXY", "no_proxy"}) {
        qunsetenv(name);
    }
}

void tst_HttpsClient::gets() {
    ScriptedServer server({Dialogue::parse(serving("200 OK", "the body"), "inline")});
    const auto body = net::httpGet({url(server)}, Deadline::after(10s), {});
    QVERIFY(body.has_value());
    QCOMPARE(*body, "the body");
}

void tst_HttpsClient::getsOverTls() {
    ScriptedServer server({Dialogue::parse("TLS\n" + serving("200 OK", "secret"), "inline"),
                           test::Pacing::Whole, test::serverTls("localhost")});
    net::HttpRequest request{url(server, "https", "localhost")};
    request.caFile = test::testCa().rootFile();
    const auto body = net::httpGet(request, Deadline::after(10s), {});
    QVERIFY2(body.has_value(), body ? "" : body.error().logSafeDetail.c_str());
    QCOMPARE(*body, "secret");
}

void tst_HttpsClient::certificateIsChecked_data() {
    QTest::addColumn<QByteArray>("kind");
    for (const auto *kind : {"expired", "wrong-name", "self-signed"}) {
        QTest::newRow(kind) << QByteArray(kind);
    }
}

void tst_HttpsClient::certificateIsChecked() {
    QFETCH(QByteArray, kind);
    ScriptedServer server({Dialogue::parse("TLS\n" + serving("200 OK", "secret"), "inline"),
                           test::Pacing::Whole,
                           test::serverTls("localhost", test::faultFrom(kind.toStdString()))});
    net::HttpRequest request{url(server, "https", "localhost")};
    request.caFile = test::testCa().rootFile();
    const auto body = net::httpGet(request, Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.certificate");
    QCOMPARE(body.error().subject, "localhost");
    QVERIFY(server.waitForEnd());
    QVERIFY(server.received().empty());
}

void tst_HttpsClient::redirectIsNotFollowed() {
    ScriptedServer other({Dialogue::parse(serving("200 OK", "elsewhere"), "inline")});
    ScriptedServer server({Dialogue::parse(
        serving("302 Found", "", "Location: " + url(other) + "\\r\\n"), "inline")});
    const auto body = net::httpGet({url(server)}, Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.status");
    QCOMPARE(body.error().logSafeDetail, "302");
    QCOMPARE(other.connections(), 0);
}

void tst_HttpsClient::formIsNotTakenElsewhere() {
    ScriptedServer other({Dialogue::parse("TLS\n" + serving("200 OK", "elsewhere"), "inline"),
                          test::Pacing::Whole, test::serverTls("localhost")});
    ScriptedServer server({Dialogue::parse("TLS\nC: POST /file HTTP/1.1\n"
                                           "S! HTTP/1.1 307 Temporary Redirect\\r\\nLocation: " +
                                               url(other, "https", "localhost") +
                                               "\\r\\nContent-Length: 0\\r\\n\\r\\n\n",
                                           "inline"),
                           test::Pacing::Whole, test::serverTls("localhost")});
    net::HttpRequest request{url(server, "https", "localhost")};
    request.caFile = test::testCa().rootFile();
    const auto response =
        net::httpPostForm(request, SecretBytes(std::string("code=c0de")), Deadline::after(10s), {});
    QVERIFY2(response.has_value(), response ? "" : response.error().code.c_str());
    QCOMPARE(response->status, 307);
    QCOMPARE(other.connections(), 0);
}

void tst_HttpsClient::statusIsAnError() {
    ScriptedServer server({Dialogue::parse(serving("404 Not Found", "sorry"), "inline")});
    const auto body = net::httpGet({url(server)}, Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.status");
    QCOMPARE(body.error().reaction, Reaction::Retry);
}

void tst_HttpsClient::tooLarge() {
    ScriptedServer server({Dialogue::parse(serving("200 OK", "0123456789"), "inline")});
    net::HttpRequest request{url(server)};
    request.limit = 9;
    const auto body = net::httpGet(request, Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.too-large");
    QCOMPARE(body.error().reaction, Reaction::FixInput);
}

void tst_HttpsClient::mediaType_data() {
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char *header, bool accepted) {
        QTest::newRow(*header == '\0' ? "none" : header) << QByteArray(header) << accepted;
    };
    row("Content-Type: text/plain\\r\\n", true);
    row("Content-Type: Text/Plain; charset=utf-8\\r\\n", true);
    row("content-type: text/plain ;charset=us-ascii\\r\\n", true);
    row("Content-Type: text/html\\r\\n", false);
    row("Content-Type: text/plainer\\r\\n", false);
    row("Content-Type: application/octet-stream; x=text/plain\\r\\n", false);
    row("", false);
}

void tst_HttpsClient::mediaType() {
    QFETCH(QByteArray, header);
    QFETCH(bool, accepted);
    ScriptedServer server(
        {Dialogue::parse(serving("200 OK", "policy", header.toStdString()), "inline")});
    net::HttpRequest request{url(server)};
    request.mediaType = "text/plain";
    const auto body = net::httpGet(request, Deadline::after(10s), {});
    QCOMPARE(body.has_value(), accepted);
    if (!accepted) {
        QCOMPARE(body.error().code, "http.media-type");
        QCOMPARE(body.error().reaction, Reaction::FixInput);
    }
}

//! The proxy and, behind it, the origin: only the proxy can know a name that does not exist.
void tst_HttpsClient::proxyOfTheEnvironment() {
    for (const auto *variable : {"https_proxy", "HTTPS_PROXY"}) {
        cleanup();
        ScriptedServer proxy(
            {Dialogue::parse(kTunnel + "TLS\n" + serving("200 OK", "secret"), "inline"),
             test::Pacing::Whole, test::serverTls(kBehindProxy)});
        qputenv(variable, proxyUrl(proxy));
        const auto body = net::httpGet(behindProxy(), Deadline::after(10s), {});
        QVERIFY2(body.has_value(), body ? "" : body.error().logSafeDetail.c_str());
        QCOMPARE(*body, "secret");
        QVERIFY(proxy.hasReceived("CONNECT policy.court.invalid:443 HTTP/1.1"));
        QVERIFY(proxy.mismatches().empty());
    }
}

void tst_HttpsClient::certificateIsCheckedBehindAProxy() {
    ScriptedServer proxy(
        {Dialogue::parse(kTunnel + "TLS\n" + serving("200 OK", "secret"), "inline"),
         test::Pacing::Whole, test::serverTls(kBehindProxy, test::ServerFault::WrongName)});
    qputenv("https_proxy", proxyUrl(proxy));
    const auto body = net::httpGet(behindProxy(), Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.certificate");
    QVERIFY(!proxy.hasReceived("GET"));
}

void tst_HttpsClient::proxyThatRefuses() {
    ScriptedServer proxy({Dialogue::parse("C: CONNECT policy.court.invalid:443\n"
                                          "S! HTTP/1.1 403 Forbidden\\r\\nContent-Length: "
                                          "0\\r\\n\\r\\n\n",
                                          "inline")});
    qputenv("https_proxy", proxyUrl(proxy));
    const auto body = net::httpGet(behindProxy(), Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.failed");
}

void tst_HttpsClient::noProxyForSomeHosts() {
    ScriptedServer proxy({Dialogue::parse("CLOSE\n", "inline")});
    ScriptedServer server({Dialogue::parse("TLS\n" + serving("200 OK", "secret"), "inline"),
                           test::Pacing::Whole, test::serverTls("localhost")});
    qputenv("https_proxy", proxyUrl(proxy));
    qputenv("no_proxy", "internal.example,localhost");
    net::HttpRequest request{url(server, "https", "localhost")};
    request.caFile = test::testCa().rootFile();
    const auto body = net::httpGet(request, Deadline::after(10s), {});
    QVERIFY(body.has_value());
    QCOMPARE(proxy.connections(), 0);
}

void tst_HttpsClient::deadline() {
    ScriptedServer server({Dialogue::parse("HANG\n", "inline")});
    const auto body = net::httpGet({url(server)}, Deadline::after(100ms), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.deadline");
}

void tst_HttpsClient::stopped() {
    ScriptedServer server({Dialogue::parse("HANG\n", "inline")});
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(50ms);
        stop.request_stop();
    });
    const auto body = net::httpGet({url(server)}, Deadline::after(60s), stop.get_token());
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.stopped");
}

void tst_HttpsClient::nobodyThere() {
    std::string address;
    {
        const ScriptedServer server({Dialogue::parse("CLOSE\n", "inline")});
        address = url(server);
    }
    const auto body = net::httpGet({address}, Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.failed");
}

void tst_HttpsClient::badUrl_data() {
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("file") << QByteArray("file:///etc/passwd");
    QTest::newRow("ldap") << QByteArray("ldap://directory.example/cn=crl");
    QTest::newRow("no URL") << QByteArray("not a url");
    QTest::newRow("empty") << QByteArray();
}

void tst_HttpsClient::badUrl() {
    QFETCH(QByteArray, address);
    const auto body = net::httpGet({address.toStdString()}, Deadline::after(10s), {});
    QVERIFY(!body);
    QCOMPARE(body.error().code, "http.url");
}

QTEST_GUILESS_MAIN(tst_HttpsClient)
#include "tst_HttpsClient.moc"
