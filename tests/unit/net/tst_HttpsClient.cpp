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
} // namespace

class tst_HttpsClient : public QObject {
    Q_OBJECT
private slots:
    void gets();
    void getsOverTls();
    void certificateIsChecked_data();
    void certificateIsChecked();
    void redirectIsNotFollowed();
    void statusIsAnError();
    void tooLarge();
    void deadline();
    void stopped();
    void nobodyThere();
    void badUrl_data();
    void badUrl();
};

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
