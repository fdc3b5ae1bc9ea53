// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SmtpSession.h"

#include "net/TcpStream.h"
#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using net::ContentFraming;
using net::SmtpSession;
using test::Dialogue;
using test::Pacing;
using test::ScriptedServer;

Q_DECLARE_METATYPE(sealpost::test::Pacing)

namespace {
constexpr auto kHost = "mx.example";

crypto::TlsClientConfig clientTls() {
    crypto::TlsClientConfig config;
    config.host = kHost;
    config.caFile = test::testCa().rootFile();
    return config;
}

//! A server that plays the script, and a session with it.
struct Scene {
    explicit Scene(std::string_view script, Pacing pacing = Pacing::Whole)
        : server({Dialogue::parse(script, "inline"), pacing, test::serverTls(kHost)}),
          session(*net::connectTcp({"127.0.0.1"}, server.port(), Deadline::after(5s), {})) {
        session.setDeadline(Deadline::after(10s), {});
    }
    ScriptedServer server;
    SmtpSession session;
};

//! The reply to one command that was just queued.
Result<net::SmtpReply> after(SmtpSession &session, Result<void> queued) {
    return queued ? session.nextReply() : Result<net::SmtpReply>(fail(queued.error()));
}

std::unique_ptr<crypto::SaslClient> plain(std::string_view user = "sam") {
    const base::SecretBytes secret("secret"s);
    return *crypto::SaslClient::start("PLAIN", {std::string(user), kHost, 25, {}}, secret);
}

//! Fails after its content where `error` is set.
class BrokenSource final : public base::ByteSource {
public:
    Result<std::size_t> read(std::span<char> into) override {
        if (m_given) {
            return fail("outbox.unreadable", "outbox", Reaction::Retry);
        }
        m_given = true;
        return std::string_view("Subject: x\r\n\r\nhalf").copy(into.data(), into.size());
    }

private:
    bool m_given = false;
};
} // namespace

class tst_SmtpSession : public QObject {
    Q_OBJECT
private slots:
    void wholeDialogue_data();
    void wholeDialogue();
    void argumentsCannotBreakOut_data();
    void argumentsCannotBreakOut();
    void quotedLocalPartsPass();
    void authNeedsTls();
    void injectionAfterStartTls_data();
    void injectionAfterStartTls();
    void capabilitiesAreForgotten();
    void startTlsWithinTls();
    void refusedCertificateIsSeen();
    void plainTextWhereTlsIsDue();
    void replyWithoutCommand();
    void closingUnasked();
    void hangUpIsRemembered();
    void noLastDotAfterABrokenSource();
    void noLastDotAfterARefusal();
    void bareNewlineEndsTheDialogue();
    void lastWordsWhileContentIsSent();
    void repliesOfAGroupComeInOrder_data();
    void repliesOfAGroupComeInOrder();
    void moreRepliesThanCommands();
    void repliesBeforeTheLineBroke();
    void closingWithinAGroup();
    void chunkOfAWholeMessage();
    void chunkIsCheckedFirst_data();
    void chunkIsCheckedFirst();
    void chunkInPieces();
    void contentOfAnotherSize_data();
    void contentOfAnotherSize();
    void loginInSteps();
    void loginThatServerBreaksOff_data();
    void loginThatServerBreaksOff();
    void loginWithoutProofOfTheServer();
};

void tst_SmtpSession::wholeDialogue_data() {
    QTest::addColumn<Pacing>("pacing");
    for (const auto pacing : test::kAllPacings) {
        QTest::newRow(std::string(toString(pacing)).c_str()) << pacing;
    }
}

void tst_SmtpSession::wholeDialogue() {
    QFETCH(Pacing, pacing);
    Scene scene("S: 220-mx.example\nS: 220 ESMTP\nC: EHLO [127.0.0.1]\n"
                "S: 250-mx.example\nS: 250-STARTTLS\nS: 250 AUTH LOGIN\n"
                "C: STARTTLS\nS: 220 go\nTLS\nC: EHLO [127.0.0.1]\n"
                "S: 250-mx.example\nS: 250-size 1000\nS: 250 AUTH PLAIN LOGIN\n"
                "C: AUTH PLAIN AHNhbQBzZWNyZXQ=\nS: 235 2.7.0 welcome\n"
                "C: MAIL FROM:<a@x.example> SIZE=12\nS: 250 ok\nC: RCPT TO:<b@y.example>\n"
                "S: 250 ok\nC: DATA\nS: 354 go\nMESSAGE\nS: 250 2.0.0 Ok: queued as 4F1\n"
                "C: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye\n",
                pacing);
    auto &session = scene.session;
    QCOMPARE(session.readGreeting()->text(), "220 mx.example ESMTP");
    QVERIFY(session.ehlo("[127.0.0.1]").has_value());
    QVERIFY(session.capabilities().contains("STARTTLS"));
    QCOMPARE(session.startTls(clientTls())->code, 220);
    QVERIFY(session.underTls());
    QVERIFY(session.peer()->problems.empty());
    QVERIFY(session.ehlo("[127.0.0.1]").has_value());
    QCOMPARE(session.capabilities().at("AUTH"), "PLAIN LOGIN");
    QCOMPARE(session.capabilities().at("SIZE"), "1000");
    QVERIFY(!session.capabilities().contains("STARTTLS"));
    QCOMPARE(session.authenticate(*plain())->code, 235);
    QCOMPARE(after(session, session.mailFrom("a@x.example", " SIZE=12"))->code, 250);
    QCOMPARE(after(session, session.rcptTo("b@y.example"))->code, 250);
    QCOMPARE(after(session, session.data())->code, 354);
    constexpr std::string_view kDots = "Subject: x\r\n\r\n.a\r\n.\r\n";
    base::ViewSource message(kDots);
    int asked = 0;
    const auto reply =
        session.content(message, ContentFraming::Dots, kDots.size(), [&]() -> Result<void> {
            ++asked;
            return {};
        });
    QCOMPARE(reply->enhanced, "2.0.0");
    QCOMPARE(asked, 1);
    QCOMPARE(after(session, session.rset())->code, 250);
    session.quit();
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.mismatches(), std::vector<std::string>());
    QCOMPARE(scene.server.message(), "Subject: x\r\n\r\n..a\r\n..\r\n.\r\n");
}

void tst_SmtpSession::argumentsCannotBreakOut_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("CRLF and a command") << QByteArray("a@x>\r\nRCPT TO:<c@z.example");
    QTest::newRow("LF") << QByteArray("a@x\nQUIT");
    QTest::newRow("CR") << QByteArray("a@x\rQUIT");
    QTest::newRow("NUL") << QByteArray("a@x\0y", 5);
    QTest::newRow("DEL") << QByteArray("a@x\x7f");
    QTest::newRow("end of the path") << QByteArray("a@x> NOTIFY=NEVER");
    QTest::newRow("space") << QByteArray("a@x b");
    QTest::newRow("quote without end") << QByteArray("\"a@x");
    QTest::newRow("escaped quote, then out") << QByteArray("\"a\\\"\"> SIZE=1");
}

void tst_SmtpSession::argumentsCannotBreakOut() {
    QFETCH(QByteArray, text);
    Scene scene("C: QUIT\nS: 221 bye\n");
    const auto argument = text.toStdString();
    for (const auto &error :
         {scene.session.ehlo(argument).error(), scene.session.mailFrom(argument, "").error(),
          scene.session.rcptTo(argument).error()}) {
        QCOMPARE(error.code, "smtp.argument");
        QCOMPARE(error.reaction, Reaction::Bug);
    }
    QVERIFY(!scene.session.mailFrom("a@x.example", " SIZE=1\r\nDATA"));
    QVERIFY(!scene.session.rcptTo(""));
    scene.session.quit();
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.received(), std::vector{"QUIT"s});
}

void tst_SmtpSession::quotedLocalPartsPass() {
    Scene scene("C: RCPT TO:<\"a > b\"@x.example>\nS: 250 ok\n");
    QCOMPARE(after(scene.session, scene.session.rcptTo("\"a > b\"@x.example"))->code, 250);
}

void tst_SmtpSession::authNeedsTls() {
    Scene scene("S: 220 hi\nC: QUIT\nS: 221 bye\n");
    QVERIFY(scene.session.readGreeting().has_value());
    const auto reply = scene.session.authenticate(*plain());
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "smtp.auth-without-tls");
    scene.session.quit();
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.received(), std::vector{"QUIT"s});
}

void tst_SmtpSession::injectionAfterStartTls_data() {
    wholeDialogue_data();
}

void tst_SmtpSession::injectionAfterStartTls() {
    QFETCH(Pacing, pacing);
    Scene scene("C: STARTTLS\nS: 220 go\nS: 250 injected\nTLS\nC-\n", pacing);
    const auto reply = scene.session.startTls(clientTls());
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "smtp.injected");
    QCOMPARE(reply.error().reaction, Reaction::AskAdmin);
    QVERIFY(!scene.session.underTls());
    QVERIFY(!scene.session.ehlo("x").has_value());
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.received(), std::vector{"STARTTLS"s});
}

void tst_SmtpSession::capabilitiesAreForgotten() {
    Scene scene("C: EHLO\nS: 250-mx\nS: 250-STARTTLS\nS: 250 AUTH PLAIN\nC: STARTTLS\nS: 220 go\n"
                "TLS\nC: EHLO\nS: 502 no\n");
    QVERIFY(scene.session.ehlo("x").has_value());
    QVERIFY(scene.session.startTls(clientTls()).has_value());
    QVERIFY(scene.session.capabilities().empty());
    QCOMPARE(scene.session.ehlo("x")->code, 502);
    QVERIFY(scene.session.capabilities().empty());
}

void tst_SmtpSession::startTlsWithinTls() {
    Scene scene("TLS\nS: 220 hi\nC: QUIT\nS: 221 bye\n");
    QVERIFY(scene.session.implicitTls(clientTls()).has_value());
    QVERIFY(scene.session.readGreeting().has_value());
    QCOMPARE(scene.session.startTls(clientTls()).error().code, "smtp.already-tls");
    scene.session.quit();
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.received(), std::vector{"QUIT"s});
}

void tst_SmtpSession::refusedCertificateIsSeen() {
    Scene scene("TLS\nC-\n");
    auto config = clientTls();
    config.host = "somebody-else.example";
    const auto done = scene.session.implicitTls(config);
    QVERIFY(!done);
    QCOMPARE(done.error().code, "tls.certificate");
    QVERIFY(scene.session.peer().has_value());
    QVERIFY(!scene.session.peer()->nameMatches);
    QVERIFY(!scene.session.underTls());
    QVERIFY(!scene.session.authenticate(*plain()));
    QVERIFY(scene.server.waitForEnd());
    QVERIFY(scene.server.received().empty());
}

void tst_SmtpSession::plainTextWhereTlsIsDue() {
    Scene scene("S: 220 this is port 587\nC-\n");
    const auto done = scene.session.implicitTls(clientTls());
    QVERIFY(!done);
    QCOMPARE(done.error().code, "tls.not-tls");
}

void tst_SmtpSession::replyWithoutCommand() {
    Scene scene("S: 220 hi\nS: 250 mx\nC: QUIT\n");
    QVERIFY(scene.session.readGreeting().has_value());
    const auto reply = scene.session.ehlo("x");
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "smtp.garbage");
    QVERIFY(scene.server.waitForEnd());
    QVERIFY(scene.server.received().empty());
}

void tst_SmtpSession::closingUnasked() {
    Scene scene("S: 220 hi\nS: 421 4.3.2 shutting down\n");
    QVERIFY(scene.session.readGreeting().has_value());
    const auto reply = scene.session.ehlo("x");
    QVERIFY(reply.has_value());
    QCOMPARE(reply->code, 421);
}

void tst_SmtpSession::hangUpIsRemembered() {
    Scene scene("S: 220 hi\nC: EHLO\nCLOSE\n");
    QVERIFY(scene.session.readGreeting().has_value());
    const auto reply = scene.session.ehlo("x");
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "smtp.hung-up");
    QCOMPARE(reply.error().stage, "smtp.ehlo");
    QCOMPARE(scene.session.mailFrom("a@x.example", "").error().code, "smtp.hung-up");
    scene.session.quit();
}

void tst_SmtpSession::noLastDotAfterABrokenSource() {
    Scene scene("C: DATA\nS: 354 go\nMESSAGE\nS: 250 ok\n");
    QVERIFY(after(scene.session, scene.session.data()).has_value());
    BrokenSource source;
    bool asked = false;
    const auto reply =
        scene.session.content(source, ContentFraming::Dots, 100, [&]() -> Result<void> {
            asked = true;
            return {};
        });
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "outbox.unreadable");
    QVERIFY(!asked);
    scene.session.quit();
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.mismatches(), std::vector{"the end within the message"s});
    QVERIFY(!scene.server.hasReceived("."));
}

void tst_SmtpSession::noLastDotAfterARefusal() {
    Scene scene("C: DATA\nS: 354 go\nMESSAGE\nS: 250 ok\n");
    QVERIFY(after(scene.session, scene.session.data()).has_value());
    constexpr std::string_view kWhole = "Subject: x\r\n\r\nall of it\r\n";
    base::ViewSource message(kWhole);
    const auto reply =
        scene.session.content(message, ContentFraming::Dots, kWhole.size(), []() -> Result<void> {
            return fail("outbox.full", "outbox", Reaction::FixInput);
        });
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "outbox.full");
    scene.session.quit();
    QVERIFY(scene.server.waitForEnd());
    QVERIFY(scene.server.hasReceived("all of it"));
    QVERIFY(!scene.server.hasReceived("."));
}

void tst_SmtpSession::bareNewlineEndsTheDialogue() {
    Scene scene("C: DATA\nS: 354 go\nMESSAGE\nS: 250 ok\n");
    QVERIFY(after(scene.session, scene.session.data()).has_value());
    constexpr std::string_view kTwo = "Subject: x\r\n\r\na\n.\r\nMAIL FROM:<evil@x.example>\r\n";
    base::ViewSource message(kTwo);
    const auto reply = scene.session.content(message, ContentFraming::Dots, kTwo.size(), {});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "smtp.bare-newline");
    QVERIFY(scene.server.waitForEnd());
    QVERIFY(!scene.server.hasReceived("MAIL FROM"));
}

void tst_SmtpSession::lastWordsWhileContentIsSent() {
    Scene scene("C: DATA\nS: 354 go\nS: 552 5.3.4 too big\nCLOSE\n");
    QVERIFY(after(scene.session, scene.session.data()).has_value());
    QVERIFY(scene.server.waitForEnd());
    std::string much = "Subject: x\r\n\r\n";
    for (int i = 0; i < 1'000'000; ++i) {
        much += "0123456789012345678901234567890123456789\r\n";
    }
    base::ViewSource message(much);
    bool asked = false;
    const auto reply =
        scene.session.content(message, ContentFraming::Dots, much.size(), [&]() -> Result<void> {
            asked = true;
            return {};
        });
    // The kernel may have thrown the reply away with the connection; either way nothing counts as
    // handed over.
    QVERIFY(!asked);
    QVERIFY(!reply || reply->code == 552);
}

void tst_SmtpSession::repliesOfAGroupComeInOrder_data() {
    wholeDialogue_data();
}

//! RFC 2920: one group, one answer for each, and one turn for all of it.
void tst_SmtpSession::repliesOfAGroupComeInOrder() {
    QFETCH(Pacing, pacing);
    Scene scene("S: 220 hi\nC: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@y.example>\n"
                "C: RCPT TO:<c@y.example> NOTIFY=NEVER\nC: DATA\nS: 250 one\nS: 550 two\n"
                "S: 250 three\nS: 354 four\n",
                pacing);
    auto &session = scene.session;
    QVERIFY(session.readGreeting().has_value());
    QVERIFY(session.mailFrom("a@x.example", "").has_value());
    QVERIFY(session.rcptTo("b@y.example").has_value());
    QVERIFY(session.rcptTo("c@y.example", " NOTIFY=NEVER").has_value());
    QVERIFY(session.data().has_value());
    QCOMPARE(session.awaited(), 4U);
    for (const auto *text : {"250 one", "550 two", "250 three", "354 four"}) {
        QCOMPARE(session.nextReply()->text(), text);
    }
    QCOMPARE(session.awaited(), 0U);
    QCOMPARE(session.nextReply().error().code, "smtp.no-command");
    QCOMPARE(scene.server.turns(), 1);
}

void tst_SmtpSession::moreRepliesThanCommands() {
    Scene scene("C: MAIL\nC: RCPT\nS! 250 one\\r\\n250 two\\r\\n250 three\\r\\n\nC-\n");
    auto &session = scene.session;
    QVERIFY(session.mailFrom("a@x.example", "").has_value());
    QVERIFY(session.rcptTo("b@y.example").has_value());
    QCOMPARE(session.nextReply()->code, 250);
    const auto last = session.nextReply();
    QVERIFY(!last);
    QCOMPARE(last.error().code, "smtp.garbage");
    QVERIFY(!session.isOpen());
}

void tst_SmtpSession::repliesBeforeTheLineBroke() {
    Scene scene("C: MAIL\nC: RCPT\nS: 250 one\nCLOSE\n");
    auto &session = scene.session;
    QVERIFY(session.mailFrom("a@x.example", "").has_value());
    QVERIFY(session.rcptTo("b@y.example").has_value());
    QCOMPARE(session.nextReply()->text(), "250 one");
    const auto second = session.nextReply();
    QVERIFY(!second);
    QCOMPARE(second.error().code, "smtp.hung-up");
    QCOMPARE(second.error().stage, "smtp.rcpt");
}

void tst_SmtpSession::closingWithinAGroup() {
    Scene scene("C: MAIL\nC: RCPT\nS! 250 one\\r\\n250 two\\r\\n421 4.3.2 closing\\r\\n\nC-\n");
    auto &session = scene.session;
    QVERIFY(session.mailFrom("a@x.example", "").has_value());
    QVERIFY(session.rcptTo("b@y.example").has_value());
    QCOMPARE(session.nextReply()->code, 250);
    QCOMPARE(session.nextReply()->code, 250);
    QVERIFY(!session.isOpen());
    QVERIFY(session.mailFrom("a@x.example", "").has_value());
    QCOMPARE(session.nextReply()->code, 421);
}

void tst_SmtpSession::chunkOfAWholeMessage() {
    Scene scene("CHUNK\nS: 250 taken\n");
    QVERIFY(scene.session.chunk("Subject: x\r\n\r\n.dot\r\n").has_value());
    QCOMPARE(scene.session.nextReply()->code, 250);
    QCOMPARE(scene.server.message(), "Subject: x\r\n\r\n.dot\r\n");
}

void tst_SmtpSession::chunkIsCheckedFirst_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("bare LF") << QByteArray("a\nb\r\n") << QByteArray("smtp.bare-newline");
    QTest::newRow("octet above 127") << QByteArray("a\xc3\xa9\r\n") << QByteArray("smtp.not-7bit");
    QTest::newRow("long line") << QByteArray(999, 'x') + "\r\n" << QByteArray("smtp.line-too-long");
}

void tst_SmtpSession::chunkIsCheckedFirst() {
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, code);
    Scene scene("C: QUIT\n");
    const auto queued = scene.session.chunk(message.toStdString());
    QVERIFY(!queued);
    QCOMPARE(queued.error().code, code.toStdString());
    scene.session.quit();
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.received(), std::vector{"QUIT"s});
}

void tst_SmtpSession::chunkInPieces() {
    Scene scene("CHUNK\nS: 250 taken\n");
    std::string much = "Subject: x\r\n\r\n";
    for (int i = 0; i < 10'000; ++i) {
        much += ".123456789012345678901234567890123456789\r\n";
    }
    base::ViewSource message(much);
    int asked = 0;
    const auto reply =
        scene.session.content(message, ContentFraming::Chunk, much.size(), [&]() -> Result<void> {
            ++asked;
            return {};
        });
    QCOMPARE(reply->code, 250);
    QCOMPARE(asked, 1);
    QVERIFY(scene.server.message() == much);
}

void tst_SmtpSession::contentOfAnotherSize_data() {
    QTest::addColumn<int>("framing");
    QTest::addColumn<int>("announced");
    for (const auto framing : {ContentFraming::Dots, ContentFraming::Chunk}) {
        for (const int size : {0, 14, 16, 100}) {
            QTest::newRow(
                (std::to_string(static_cast<int>(framing)) + " " + std::to_string(size)).c_str())
                << static_cast<int>(framing) << size;
        }
    }
}

//! A message that is not what was announced is never completed.
void tst_SmtpSession::contentOfAnotherSize() {
    QFETCH(int, framing);
    QFETCH(int, announced);
    Scene scene("C*\nHANG\n");
    base::ViewSource message("Subject: x\r\na\r\n");
    bool asked = false;
    const auto reply =
        scene.session.content(message, static_cast<ContentFraming>(framing),
                              static_cast<ByteCount>(announced), [&]() -> Result<void> {
                                  asked = true;
                                  return {};
                              });
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "smtp.size-differs");
    QVERIFY(!asked);
    QVERIFY(!scene.session.isOpen());
}

void tst_SmtpSession::loginInSteps() {
    Scene scene("TLS\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: c2Ft\nS: 334 UGFzc3dvcmQ6\n"
                "C: c2VjcmV0\nS: 235 welcome\n");
    QVERIFY(scene.session.implicitTls(clientTls()).has_value());
    const base::SecretBytes secret("secret"s);
    auto client = *crypto::SaslClient::start("LOGIN", {"sam", kHost, 465, {}}, secret);
    QCOMPARE(scene.session.authenticate(*client)->code, 235);
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.mismatches(), std::vector<std::string>());
}

void tst_SmtpSession::loginThatServerBreaksOff_data() {
    QTest::addColumn<QByteArray>("challenge");
    QTest::newRow("not base64") << QByteArray("334 %%%%");
    QTest::newRow("no SCRAM") << QByteArray("334 aGVsbG8=");
    QTest::newRow("another's nonce") << QByteArray("334 cj1mYWtlLHM9QUFBQSxpPTQwOTY=");
    QTest::newRow("empty") << QByteArray("334 ");
}

//! RFC 4954 §4: what can't be answered is cancelled, and the password never said.
void tst_SmtpSession::loginThatServerBreaksOff() {
    QFETCH(QByteArray, challenge);
    Scene scene("TLS\nC: AUTH SCRAM-SHA-256 \nS: " + challenge.toStdString() +
                "\nC: *\nS: 501 cancelled\n");
    QVERIFY(scene.session.implicitTls(clientTls()).has_value());
    const base::SecretBytes secret("secret"s);
    auto client = *crypto::SaslClient::start("SCRAM-SHA-256", {"sam", kHost, 465, {}}, secret);
    const auto reply = scene.session.authenticate(*client);
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "sasl.challenge");
    QVERIFY(scene.server.waitForEnd());
    QCOMPARE(scene.server.mismatches(), std::vector<std::string>());
}

void tst_SmtpSession::loginWithoutProofOfTheServer() {
    Scene scene("TLS\nC: AUTH SCRAM-SHA-1 \nS: 235 come in\nC-\n");
    QVERIFY(scene.session.implicitTls(clientTls()).has_value());
    const base::SecretBytes secret("secret"s);
    auto client = *crypto::SaslClient::start("SCRAM-SHA-1", {"sam", kHost, 465, {}}, secret);
    const auto reply = scene.session.authenticate(*client);
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, "sasl.server-proof");
    QCOMPARE(reply.error().reaction, Reaction::AskAdmin);
    QVERIFY(!scene.session.isOpen());
}

QTEST_GUILESS_MAIN(tst_SmtpSession)
#include "tst_SmtpSession.moc"
