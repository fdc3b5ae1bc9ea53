// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/LocalAuthority.h"
#include "net/SmtpSession.h"
#include "net/TlsStream.h"
#include "practice/PracticeServer.h"
#include "unit/practice/SmtpCalls.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <thread>

using namespace sealpost;
using namespace sealpost::practice;
using namespace sealpost::practice::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto kHost = "smtp.practice.example";
constexpr auto kPassword = "a pass word";

Deadline soon() {
    return Deadline::after(10s);
}

} // namespace

class TestPracticeServer : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void arrivesByteForByte();
    void wrongPassword();
    void threeWrongPasswordsEndTheLine();
    void nothingWithoutAuth();
    void recipients_data();
    void recipients();
    void lostLine();
    void announcedTooLarge();
    void sentTooLarge();
    void bareNewlineRefused();
    void brokenOffLeavesNothing();
    void badClients_data();
    void badClients();
    void severalAtOnce();
    void exchangerOffersStartTls();
    void plainExchangerDoesNot();

private:
    [[nodiscard]] std::unique_ptr<net::ByteStream> connect(const PracticeServer &server) const;
    [[nodiscard]] crypto::TlsClientConfig trust() const;
    //! Under TLS, greeted and past EHLO.
    [[nodiscard]] std::unique_ptr<net::SmtpSession> session() const;
    [[nodiscard]] std::unique_ptr<net::SmtpSession> loggedIn() const;
    [[nodiscard]] QStringList filed() const;
    [[nodiscard]] std::unique_ptr<PracticeServer> exchanger(ServerRole role) const;

    QTemporaryDir m_authorityFolder;
    std::unique_ptr<crypto::LocalAuthority> m_authority;
    PracticeServerConfig m_config;
    std::unique_ptr<QTemporaryDir> m_inbox;
    std::unique_ptr<PracticeServer> m_server;
};

void TestPracticeServer::initTestCase() {
    const auto now = base::SystemClock().now();
    auto authority = crypto::LocalAuthority::create("Test", "http://crl.example/", now);
    QVERIFY(authority);
    m_authority = std::move(*authority);
    QVERIFY(m_authority->save(m_authorityFolder.path().toStdString()));
    const std::vector<std::string> names{kHost};
    const auto identity = m_authority->issueServer(names, now);
    QVERIFY(identity);
    m_config.hostName = kHost;
    m_config.tls = {identity->certificateChainPem, identity->privateKeyPem};
    m_config.userName = "sam";
    m_config.password = kPassword;
    m_config.maxMessageSize = 100'000;
}

void TestPracticeServer::init() {
    m_server.reset();
    m_inbox = std::make_unique<QTemporaryDir>();
    auto inbox = PracticeInbox::open(m_inbox->path().toStdString());
    QVERIFY(inbox);
    m_config.inbox = *inbox;
    auto server = PracticeServer::start(m_config, "127.0.0.1", Port{0});
    QVERIFY(server);
    m_server = std::move(*server);
}

crypto::TlsClientConfig TestPracticeServer::trust() const {
    crypto::TlsClientConfig config;
    config.host = kHost;
    config.caFile = m_authorityFolder.filePath(QStringLiteral("root.pem")).toStdString();
    return config;
}

std::unique_ptr<net::ByteStream> TestPracticeServer::connect(const PracticeServer &server) const {
    auto stream = net::connectTcp({"127.0.0.1"}, server.port(), soon(), {});
    return stream ? std::move(*stream) : nullptr;
}

std::unique_ptr<net::SmtpSession> TestPracticeServer::session() const {
    auto session = std::make_unique<net::SmtpSession>(connect(*m_server));
    session->setDeadline(soon(), {});
    if (!session->implicitTls(trust()) || !session->readGreeting()) {
        return nullptr;
    }
    const auto reply = session->ehlo("client.example");
    return reply && reply->code == 250 ? std::move(session) : nullptr;
}

std::unique_ptr<net::SmtpSession> TestPracticeServer::loggedIn() const {
    auto result = session();
    if (!result) {
        return nullptr;
    }
    const auto reply = signIn(*result, "sam", kPassword);
    return reply && reply->code == 235 ? std::move(result) : nullptr;
}

QStringList TestPracticeServer::filed() const {
    return QDir(m_inbox->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

void TestPracticeServer::arrivesByteForByte() {
    const std::string message = "Subject: x\r\n\r\n.dots\r\n..\r\n.\r\n\r\nmore text\r\n";
    auto client = loggedIn();
    QVERIFY(client);
    QCOMPARE(client->capabilities().at("SIZE"), std::string("100000"));
    QCOMPARE(client->capabilities().at("AUTH"), std::string("PLAIN"));
    for (int number = 1; number <= 2; ++number) {
        QCOMPARE(mailFrom(*client, "sam@a.practice.example", " SIZE=99")->code, 250);
        QCOMPARE(rcptTo(*client, "jo@b.practice.example")->code, 250);
        QCOMPARE(rcptTo(*client, "al@b.practice.example")->code, 250);
        QCOMPARE(data(*client)->code, 354);
        const auto reply = content(*client, message);
        QVERIFY2(reply, reply ? "" : reply.error().code.c_str());
        QCOMPARE(QString::fromStdString(reply->text()),
                 QStringLiteral("250 2.0.0 Ok: queued as P000%1").arg(number));
    }
    client->quit();
    QCOMPARE(filed(), QStringList({QStringLiteral("0001.eml"), QStringLiteral("0002.eml")}));
    QFile file(m_inbox->filePath(QStringLiteral("0001.eml")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("X-Practice-Envelope-From: <sam@a.practice.example>\r\n"
                                        "X-Practice-Envelope-To: <jo@b.practice.example>\r\n"
                                        "X-Practice-Envelope-To: <al@b.practice.example>\r\n") +
                                 QByteArray::fromStdString(message));
}

void TestPracticeServer::wrongPassword() {
    auto client = session();
    QVERIFY(client);
    QCOMPARE(signIn(*client, "sam", "wrong")->code, 535);
    QCOMPARE(signIn(*client, "al", kPassword)->code, 535);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", "")->code, 530);
}

void TestPracticeServer::threeWrongPasswordsEndTheLine() {
    auto client = session();
    QVERIFY(client);
    QCOMPARE(signIn(*client, "sam", "wrong")->code, 535);
    QCOMPARE(signIn(*client, "sam", "wrong")->code, 535);
    QCOMPARE(signIn(*client, "sam", "wrong")->code, 421);
    QVERIFY(!signIn(*client, "sam", kPassword));
}

void TestPracticeServer::nothingWithoutAuth() {
    auto client = session();
    QVERIFY(client);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", "")->code, 530);
    QCOMPARE(rcptTo(*client, "jo@b.practice.example")->code, 503);
    QCOMPARE(data(*client)->code, 503);
    QVERIFY(filed().isEmpty());
}

void TestPracticeServer::recipients_data() {
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<int>("code");
    QTest::newRow("served") << QByteArray("jo@court.practice.example") << 250;
    QTest::newRow("served-any-case") << QByteArray("jo@COURT.Practice.Example") << 250;
    QTest::newRow("outside") << QByteArray("jo@court.example") << 550;
    QTest::newRow("label-boundary") << QByteArray("jo@evilpractice.example") << 550;
    QTest::newRow("nobody") << QByteArray("nobody@court.practice.example") << 550;
    QTest::newRow("busy") << QByteArray("Busy@court.practice.example") << 450;
    QTest::newRow("no-domain") << QByteArray("jo") << 550;
}

void TestPracticeServer::recipients() {
    QFETCH(QByteArray, address);
    auto client = loggedIn();
    QVERIFY(client);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", "")->code, 250);
    QTEST(rcptTo(*client, address.toStdString())->code, "code");
}

void TestPracticeServer::lostLine() {
    auto client = loggedIn();
    QVERIFY(client);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", "")->code, 250);
    QCOMPARE(rcptTo(*client, "lost.line@b.practice.example")->code, 250);
    QCOMPARE(data(*client)->code, 354);
    QVERIFY(!content(*client, "Subject: x\r\n\r\nx\r\n"));
    QCOMPARE(filed().size(), 1);
}

void TestPracticeServer::announcedTooLarge() {
    auto client = loggedIn();
    QVERIFY(client);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", " SIZE=100001")->code, 552);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", " SIZE=x")->code, 501);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", " SIZE=100000")->code, 250);
}

void TestPracticeServer::sentTooLarge() {
    auto client = loggedIn();
    QVERIFY(client);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", "")->code, 250);
    QCOMPARE(rcptTo(*client, "jo@b.practice.example")->code, 250);
    QCOMPARE(data(*client)->code, 354);
    std::string large;
    while (large.size() <= 100'000) {
        large += "A line of text that is repeated until it is too much.\r\n";
    }
    QCOMPARE(content(*client, large)->code, 552);
    QVERIFY(filed().isEmpty());
}

void TestPracticeServer::bareNewlineRefused() {
    auto below = connect(*m_server);
    QVERIFY(below);
    auto engine = crypto::TlsEngine::client(trust());
    QVERIFY(engine);
    auto tls = net::TlsStream::handshake(std::move(below), std::move(*engine), soon(), {});
    QVERIFY(tls);
    const QByteArray login = QByteArray("\0sam\0a pass word", 16).toBase64();
    const auto dialogue = "EHLO c.example\r\nAUTH PLAIN " + login.toStdString() +
                          "\r\nMAIL FROM:<>\r\nRCPT TO:<jo@b.practice.example>\r\nDATA\r\n"
                          "a\n.\nMAIL FROM:<smuggled@x>\r\n.\r\nQUIT\r\n";
    QVERIFY((*tls)->write(dialogue, soon(), {}));
    std::string replies;
    std::array<char, 1024> chunk{};
    for (;;) {
        const auto count = (*tls)->read(chunk, soon(), {});
        if (!count || *count == 0) {
            break;
        }
        replies.append(chunk.data(), *count);
    }
    QVERIFY2(replies.find("\r\n550 5.6.0 ") != std::string::npos, replies.c_str());
    QVERIFY2(replies.find("\r\n221 ") != std::string::npos, replies.c_str());
    QVERIFY(filed().isEmpty());
}

void TestPracticeServer::brokenOffLeavesNothing() {
    auto client = loggedIn();
    QVERIFY(client);
    QCOMPARE(mailFrom(*client, "sam@a.practice.example", "")->code, 250);
    QCOMPARE(rcptTo(*client, "jo@b.practice.example")->code, 250);
    QCOMPARE(data(*client)->code, 354);
    const auto stopped = content(*client, "Subject: x\r\n\r\nx\r\n", [] {
        return Result<void>(fail("test.stop", "test", Reaction::Retry));
    });
    QVERIFY(!stopped);
    client.reset();
    QTRY_VERIFY(filed().isEmpty());
}

void TestPracticeServer::badClients_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("no-tls") << QByteArray("EHLO client.example\r\nQUIT\r\n");
    QTest::newRow("zeros") << QByteArray(100'000, '\0');
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("endless-line") << QByteArray(1'000'000, 'x');
}

void TestPracticeServer::badClients() {
    QFETCH(QByteArray, bytes);
    for (const auto role : {ServerRole::Submission, ServerRole::MailExchanger}) {
        const auto server = exchanger(role);
        QVERIFY(server);
        {
            const auto stream = connect(*server);
            QVERIFY(stream);
            // The server may end the line at any point; it must go on serving others.
            (void)stream->write(bytes.toStdString(), Deadline::after(1s), {});
            stream->close();
        }
        net::SmtpSession next(connect(*server));
        next.setDeadline(soon(), {});
        if (role == ServerRole::Submission) {
            QVERIFY(next.implicitTls(trust()));
        }
        QCOMPARE(next.readGreeting()->code, 220);
    }
}

void TestPracticeServer::severalAtOnce() {
    std::vector<std::unique_ptr<net::SmtpSession>> clients;
    for (int count = 0; count < 8; ++count) {
        clients.push_back(loggedIn());
        QVERIFY(clients.back());
    }
    std::atomic<int> accepted = 0;
    {
        std::vector<std::jthread> threads;
        for (auto &client : clients) {
            threads.emplace_back([&client, &accepted] {
                (void)mailFrom(*client, "sam@a.practice.example", "");
                (void)rcptTo(*client, "jo@b.practice.example");
                (void)data(*client);
                const auto reply = content(*client, "Subject: x\r\n\r\nx\r\n");
                accepted += reply && reply->code == 250 ? 1 : 0;
            });
        }
    }
    QCOMPARE(accepted.load(), 8);
    QCOMPARE(filed().size(), 8);
    QCOMPARE(filed().last(), QStringLiteral("0008.eml"));
}

std::unique_ptr<PracticeServer> TestPracticeServer::exchanger(ServerRole role) const {
    auto config = m_config;
    config.role = role;
    auto server = PracticeServer::start(config, "127.0.0.1", Port{0});
    return server ? std::move(*server) : nullptr;
}

void TestPracticeServer::exchangerOffersStartTls() {
    const auto server = exchanger(ServerRole::MailExchanger);
    QVERIFY(server);
    net::SmtpSession client(connect(*server));
    client.setDeadline(soon(), {});
    QCOMPARE(client.readGreeting()->code, 220);
    QCOMPARE(client.ehlo("c.example")->code, 250);
    QVERIFY(client.capabilities().contains("STARTTLS"));
    QVERIFY(!client.capabilities().contains("REQUIRETLS"));
    QCOMPARE(client.startTls(trust())->code, 220);
    QCOMPARE(client.ehlo("c.example")->code, 250);
    QVERIFY(!client.capabilities().contains("STARTTLS"));
    QVERIFY(client.capabilities().contains("REQUIRETLS"));
    QVERIFY(client.peer()->chainValid);
    QVERIFY(client.peer()->nameMatches);
    QCOMPARE(mailFrom(client, "a@b.practice.example", "")->code, 550);
}

void TestPracticeServer::plainExchangerDoesNot() {
    const auto server = exchanger(ServerRole::PlainMailExchanger);
    QVERIFY(server);
    net::SmtpSession client(connect(*server));
    client.setDeadline(soon(), {});
    QCOMPARE(client.readGreeting()->code, 220);
    QCOMPARE(client.ehlo("c.example")->code, 250);
    QVERIFY(!client.capabilities().contains("STARTTLS"));
    QCOMPARE(client.startTls(trust())->code, 502);
}

QTEST_GUILESS_MAIN(TestPracticeServer)
#include "tst_PracticeServer.moc"
