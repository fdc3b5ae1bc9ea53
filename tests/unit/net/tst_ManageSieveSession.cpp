// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ManageSieveSession.h"

#include "net/TcpStream.h"
#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"

#include <QTest>

using namespace sealpost;
using namespace std::chrono_literals;
using net::ManageSieveSession;
using test::Dialogue;
using test::ScriptedServer;

namespace {

constexpr auto kHost = "mail.example";
const std::string kGreeting = "S: \"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\n"
                              "S: \"SIEVE\" \"fileinto copy\"\n"
                              "S: \"STARTTLS\"\n"
                              "S: \"SASL\" \"\"\n"
                              "S: OK \"Dovecot ready.\"\n";
const std::string kUnderTls = "C: STARTTLS\nS: OK \"Begin TLS negotiation now.\"\nTLS\n"
                              "S: \"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\n"
                              "S: \"SASL\" \"SCRAM-SHA-256 PLAIN\"\n"
                              "S: OK \"TLS negotiation successful.\"\n";
const std::string kSignedIn = "C: AUTHENTICATE \"PLAIN\" \"AHNhbQBzZWNyZXQ=\"\n"
                              "S: OK \"Logged in.\"\n";

crypto::TlsClientConfig clientTls() {
    crypto::TlsClientConfig config;
    config.host = kHost;
    config.caFile = test::testCa().rootFile();
    return config;
}

//! A server that plays the script in each of the ways to cut its bytes, and a client that begins.
struct Scene {
    explicit Scene(const std::string &script, test::Pacing pacing = test::Pacing::Whole)
        : server({Dialogue::parse(script, "inline"), pacing, test::serverTls(kHost)}),
          opened(ManageSieveSession::open(
              *net::connectTcp({"127.0.0.1"}, server.port(), Deadline::after(10s), {}),
              Deadline::after(20s), {})) {}
    //! Up to and with the sign-in; its first error.
    Result<void> signIn() {
        if (!opened) {
            return fail(opened.error());
        }
        if (auto secured = (*opened)->startTls(clientTls()); !secured) {
            return secured;
        }
        return (*opened)->authenticate("sam", base::SecretBytes(std::string("secret")));
    }
    ScriptedServer server;
    Result<std::unique_ptr<ManageSieveSession>> opened;
};

} // namespace

class TstManageSieveSession : public QObject {
    Q_OBJECT
private slots:
    void wholeDialogue_data();
    void wholeDialogue();
    void refusals_data();
    void refusals();
    void nothingInTheClear();
    void anotherCertificate();
    void namesCannotBreakOut();
};

void TstManageSieveSession::wholeDialogue_data() {
    QTest::addColumn<int>("pacing");
    for (const auto pacing : test::kAllPacings) {
        QTest::newRow(std::string(test::toString(pacing)).c_str()) << static_cast<int>(pacing);
    }
}

void TstManageSieveSession::wholeDialogue() {
    QFETCH(int, pacing);
    Scene scene(kGreeting + kUnderTls + kSignedIn +
                    "C: LISTSCRIPTS\nS: \"away\"\nS: \"main \\\"x\\\"\" ACTIVE\n"
                    "S! {4}\\r\\nlast\\r\\n\nS: OK\n"
                    "C: GETSCRIPT \"main \\\"x\\\"\"\n"
                    "S! {33}\\r\\nredirect \"a@b.example\";\\r\\nOK no;\\r\\n\\r\\n\nS: OK\n"
                    "C: LOGOUT\nC-\n",
                static_cast<test::Pacing>(pacing));
    const auto done = scene.signIn();
    QVERIFY2(done, done ? "" : done.error().code.c_str());
    auto &session = **scene.opened;
    const auto scripts = session.listScripts();
    QVERIFY(scripts);
    QCOMPARE(scripts->size(), 3U);
    QCOMPARE(scripts->at(1).name, "main \"x\"");
    QVERIFY(scripts->at(1).active);
    QVERIFY(!scripts->at(0).active);
    QCOMPARE(scripts->at(2).name, "last");
    const auto script = session.getScript("main \"x\"");
    QVERIFY2(script, script ? "" : script.error().code.c_str());
    QCOMPARE(*script, "redirect \"a@b.example\";\r\nOK no;\r\n");
    session.logOut();
    QVERIFY(scene.server.waitForEnd());
    QVERIFY(scene.server.mismatches().empty());
}

void TstManageSieveSession::refusals_data() {
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const std::string &script, const char *code) {
        QTest::newRow(name) << QByteArray::fromStdString(script) << QString::fromLatin1(code);
    };
    row("not-sieve", "S: 220 mail.example ESMTP\nHANG\n", "sieve.garbage");
    row("bye", "S: BYE (TRYLATER) \"Busy\"\nCLOSE\n", "sieve.refused");
    row("hung-up", "CLOSE\n", "net.broken");
    row("endless-line", "ENDLESS xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
        "sieve.garbage");
    row("endless-reply", "ENDLESS \"SIEVE\" \"fileinto\"\\r\\n\n", "sieve.garbage");
    row("huge-literal", "S: {999999999}\nHANG\n", "sieve.garbage");
    row("no-starttls", "S: \"IMPLEMENTATION\" \"x\"\nS: OK\nHANG\n", "sieve.no-tls");
    row("starttls-refused", kGreeting + "C: STARTTLS\nS: NO \"not now\"\nHANG\n", "sieve.refused");
    row("injected", kGreeting + "C: STARTTLS\nS! OK\\r\\n\"SASL\" \"PLAIN\"\\r\\nOK\\r\\n\nHANG\n",
        "sieve.injected");
    row("no-plain",
        kGreeting + "C: STARTTLS\nS: OK\nTLS\nS: \"IMPLEMENTATION\" \"x\"\n"
                    "S: \"SASL\" \"SCRAM-SHA-1\"\nS: OK\nHANG\n",
        "sieve.no-mechanism");
    row("wrong-password",
        kGreeting + kUnderTls + "C: AUTHENTICATE\nS: NO \"Authentication failed.\"\nHANG\n",
        "sieve.auth");
}

void TstManageSieveSession::refusals() {
    QFETCH(QByteArray, script);
    QFETCH(QString, code);
    Scene scene(script.toStdString());
    const auto done = scene.signIn();
    QVERIFY(!done);
    QCOMPARE(QString::fromStdString(done.error().code), code);
    QVERIFY(!scene.server.hasReceived("AUTHENTICATE") || code == QLatin1String("sieve.auth"));
}

void TstManageSieveSession::nothingInTheClear() {
    Scene scene("S: \"IMPLEMENTATION\" \"x\"\nS: \"SASL\" \"PLAIN\"\nS: OK\nHANG\n");
    QVERIFY(scene.opened);
    const auto done =
        (*scene.opened)->authenticate("sam", base::SecretBytes(std::string("secret")));
    QVERIFY(!done);
    QVERIFY(!scene.server.hasReceived("AUTHENTICATE"));
}

void TstManageSieveSession::anotherCertificate() {
    Scene scene(kGreeting + kUnderTls + "HANG\n");
    QVERIFY(scene.opened);
    auto config = clientTls();
    config.host = "other.example";
    QVERIFY(!(*scene.opened)->startTls(config));
}

void TstManageSieveSession::namesCannotBreakOut() {
    Scene scene(kGreeting + kUnderTls + kSignedIn + "HANG\n");
    QVERIFY(scene.signIn());
    QVERIFY(!(*scene.opened)->getScript("x\"\r\nDELETESCRIPT \"y"));
    QVERIFY(!scene.server.hasReceived("DELETESCRIPT"));
}

QTEST_GUILESS_MAIN(TstManageSieveSession)
#include "tst_ManageSieveSession.moc"
