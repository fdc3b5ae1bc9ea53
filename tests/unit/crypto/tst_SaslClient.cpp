// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SaslClient.h"

#include "base/Base64.h"
#include "crypto/TlsEngine.h"
#include "support/TestIdentities.h"

#include <QtTest>
#include <gsasl.h>

using namespace sealpost;
using namespace std::string_literals;
using crypto::SaslClient;
using crypto::SaslIdentity;
using crypto::SaslProof;
using crypto::strongestMechanism;

namespace {

//! A server that knows sam's password; libgsasl's, which speaks to a client of the same library:
//! against another implementation there is the lab (Dovecot).
class Server {
public:
    Server(const std::string &mechanism, crypto::ChannelBinding binding = {})
        : m_binding(std::move(binding)) {
        gsasl_init(&m_library);
        gsasl_callback_hook_set(m_library, this);
        gsasl_callback_set(m_library, answer);
        if (gsasl_server_start(m_library, mechanism.c_str(), &m_session) != GSASL_OK) {
            throw std::runtime_error("no server for " + mechanism);
        }
    }
    ~Server() {
        gsasl_finish(m_session);
        gsasl_done(m_library);
    }
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    std::string step(std::string_view input) {
        char *out = nullptr;
        std::size_t size = 0;
        code = gsasl_step(m_session, input.data(), input.size(), &out, &size);
        std::string said = out == nullptr ? "" : std::string(out, size);
        gsasl_free(out);
        return said;
    }

    std::string password = "secret";
    std::string user; //!< who said so
    int code = GSASL_OK;

private:
    static int answer(Gsasl *library, Gsasl_session *session, Gsasl_property property) {
        auto &self = *static_cast<Server *>(gsasl_callback_hook_get(library));
        const auto set = [&](const std::string &text) {
            return gsasl_property_set(session, property, text.c_str());
        };
        if (property == GSASL_PASSWORD) {
            return set(self.password);
        }
        if (property == GSASL_CB_TLS_EXPORTER && !self.m_binding.exporter.empty()) {
            return set(base::toBase64(self.m_binding.exporter));
        }
        if (property == GSASL_CB_TLS_UNIQUE && !self.m_binding.unique.empty()) {
            return set(base::toBase64(self.m_binding.unique));
        }
        if (property == GSASL_VALIDATE_SIMPLE) {
            self.user = gsasl_property_fast(session, GSASL_AUTHID);
            return self.password == gsasl_property_fast(session, GSASL_PASSWORD)
                       ? GSASL_OK
                       : GSASL_AUTHENTICATION_ERROR;
        }
        return GSASL_NO_CALLBACK;
    }

    crypto::ChannelBinding m_binding;
    Gsasl *m_library = nullptr;
    Gsasl_session *m_session = nullptr;
};

SaslIdentity sam(crypto::ChannelBinding binding = {}) {
    return {"sam", "smtp.example", 587, std::move(binding)};
}

std::unique_ptr<SaslClient> clientFor(const std::string &mechanism, const SaslIdentity &identity,
                                      std::string_view secret = "secret") {
    return std::move(*SaslClient::start(mechanism, identity, base::SecretBytes(secret)));
}

//! As SMTP would carry it; the client's error, or none.
std::optional<Error> talk(SaslClient &client, Server &server) {
    std::string challenge;
    for (int i = 0; i < 8; ++i) {
        const auto said = client.step(challenge);
        if (!said) {
            return said.error();
        }
        challenge = server.step(said->view());
        if (server.code != GSASL_NEEDS_MORE) {
            // What the server still has to say comes with its last challenge.
            if (server.code == GSASL_OK && !challenge.empty()) {
                const auto last = client.step(challenge);
                return last ? std::nullopt : std::optional(last.error());
            }
            return std::nullopt;
        }
    }
    return Error{"endless", {}, Reaction::Bug, {}, {}};
}

//! Two ends of one TLS connection.
struct Connection {
    explicit Connection(int version) {
        auto serverConfig = test::serverTls("smtp.example");
        serverConfig.maximumVersion = version;
        crypto::TlsClientConfig config;
        config.host = "smtp.example";
        config.caFile = test::testCa().rootFile();
        client = *crypto::TlsEngine::client(config);
        server = *crypto::TlsEngine::server(serverConfig);
        using crypto::TlsEngine;
        for (int i = 0; i < 8; ++i) {
            clientDone = *client->handshake() == TlsEngine::Progress::Done;
            server->feed(client->takeOutput());
            serverDone = *server->handshake() == TlsEngine::Progress::Done;
            client->feed(server->takeOutput());
        }
    }
    std::unique_ptr<crypto::TlsEngine> client;
    std::unique_ptr<crypto::TlsEngine> server;
    bool clientDone = false;
    bool serverDone = false;
};
} // namespace

class tst_SaslClient : public QObject {
    Q_OBJECT
private slots:
    void strongestOfBoth_data();
    void strongestOfBoth();
    void signsIn_data();
    void signsIn();
    void wrongPassword_data();
    void wrongPassword();
    void serverWithoutTheSecret();
    void bindsToItsConnection_data();
    void bindsToItsConnection();
    void somebodyInTheMiddle();
    void bindingThatIsNotAskedFor();
    void bearerWords();
    void whatCannotBeSaid_data();
    void whatCannotBeSaid();
};

void tst_SaslClient::strongestOfBoth_data() {
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<int>("proof");
    QTest::addColumn<bool>("bindable");
    QTest::addColumn<QByteArray>("chosen");
    const auto row = [](const char *name, const char *offered, SaslProof proof, bool bindable,
                        const char *chosen) {
        QTest::newRow(name) << QByteArray(offered) << static_cast<int>(proof) << bindable
                            << QByteArray(chosen);
    };
    const char *all = "LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS "
                      "CRAM-MD5 XOAUTH2 OAUTHBEARER EXTERNAL";
    row("all", all, SaslProof::Password, true, "SCRAM-SHA-256-PLUS");
    row("nothing to bind to", all, SaslProof::Password, false, "SCRAM-SHA-256");
    row("binding is worth more than the hash", "SCRAM-SHA-256 SCRAM-SHA-1-PLUS",
        SaslProof::Password, true, "SCRAM-SHA-1-PLUS");
    row("SCRAM before PLAIN", "PLAIN LOGIN SCRAM-SHA-1", SaslProof::Password, true, "SCRAM-SHA-1");
    row("PLAIN before LOGIN", "LOGIN PLAIN", SaslProof::Password, true, "PLAIN");
    row("no weak digests", "CRAM-MD5 DIGEST-MD5 NTLM", SaslProof::Password, true, "");
    row("token", all, SaslProof::AccessToken, true, "OAUTHBEARER");
    row("token at Microsoft", "LOGIN XOAUTH2", SaslProof::AccessToken, true, "XOAUTH2");
    row("a token is no password", "PLAIN LOGIN", SaslProof::AccessToken, true, "");
    row("certificate", all, SaslProof::Certificate, true, "EXTERNAL");
    row("nothing", "", SaslProof::Password, true, "");
}

void tst_SaslClient::strongestOfBoth() {
    QFETCH(QByteArray, offered);
    QFETCH(int, proof);
    QFETCH(bool, bindable);
    QFETCH(QByteArray, chosen);
    std::vector<std::string> words;
    for (const auto &word : offered.split(' ')) {
        words.push_back(word.toStdString());
    }
    QCOMPARE(std::string(strongestMechanism(words, static_cast<SaslProof>(proof), bindable)),
             chosen.toStdString());
}

void tst_SaslClient::signsIn_data() {
    QTest::addColumn<QByteArray>("mechanism");
    for (const auto *name : {"PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}) {
        QTest::newRow(name) << QByteArray(name);
    }
}

void tst_SaslClient::signsIn() {
    QFETCH(QByteArray, mechanism);
    Server server(mechanism.toStdString());
    const auto client = clientFor(mechanism.toStdString(), sam());
    QCOMPARE(client->speaksFirst(), mechanism != "LOGIN");
    std::optional<Error> error;
    if (client->speaksFirst()) {
        error = talk(*client, server);
    } else {
        QCOMPARE(client->step("Username:")->view(), "sam");
        QVERIFY(!client->complete());
        QCOMPARE(client->step("Password:")->view(), "secret");
    }
    QVERIFY2(!error, error ? error->logSafeDetail.c_str() : "");
    QVERIFY(client->complete());
}

void tst_SaslClient::wrongPassword_data() {
    signsIn_data();
}

void tst_SaslClient::wrongPassword() {
    QFETCH(QByteArray, mechanism);
    Server server(mechanism.toStdString());
    server.password = "another";
    const auto client = clientFor(mechanism.toStdString(), sam());
    if (mechanism == "LOGIN") {
        return; // a plain exchange of words, with nothing to see here
    }
    (void)talk(*client, server);
    QVERIFY(server.code != GSASL_OK);
    if (mechanism != "PLAIN") {
        QVERIFY(!client->complete());
    }
}

//! RFC 5802 §5.1: a server that knows no password can't say v=….
void tst_SaslClient::serverWithoutTheSecret() {
    Server server("SCRAM-SHA-256");
    const auto client = clientFor("SCRAM-SHA-256", sam());
    const auto first = client->step({});
    const auto challenge = server.step(first->view());
    QVERIFY(client->step(challenge).has_value());
    QVERIFY(!client->complete());
    const auto last = client->step("v=" + base::toBase64(std::string(32, 'x')));
    QVERIFY(!last);
    QCOMPARE(last.error().code, "sasl.server-proof");
    QVERIFY(!client->complete());
}

void tst_SaslClient::bindsToItsConnection_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("mechanism");
    for (const auto *name : {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"}) {
        QTest::newRow((name + " over TLS 1.3"s).c_str()) << 13 << QByteArray(name);
        QTest::newRow((name + " over TLS 1.2"s).c_str()) << 12 << QByteArray(name);
    }
}

void tst_SaslClient::bindsToItsConnection() {
    QFETCH(int, version);
    QFETCH(QByteArray, mechanism);
    const Connection connection(version);
    QVERIFY(connection.clientDone && connection.serverDone);
    const auto ours = connection.client->channelBinding();
    const auto theirs = connection.server->channelBinding();
    QVERIFY(!ours.empty());
    QCOMPARE(ours.exporter, theirs.exporter);
    QCOMPARE(ours.unique, theirs.unique);
    QCOMPARE(ours.exporter.empty(), version == 12);
    Server server(mechanism.toStdString(), theirs);
    const auto client = clientFor(mechanism.toStdString(), sam(ours));
    const auto error = talk(*client, server);
    QVERIFY2(!error, error ? error->logSafeDetail.c_str() : "");
    QCOMPARE(server.code, GSASL_OK);
    QVERIFY(client->complete());
}

//! Two TLS connections with one who passes everything on between them.
void tst_SaslClient::somebodyInTheMiddle() {
    const Connection toUs(13);
    const Connection toServer(13);
    Server server("SCRAM-SHA-256-PLUS", toServer.server->channelBinding());
    const auto client = clientFor("SCRAM-SHA-256-PLUS", sam(toUs.client->channelBinding()));
    (void)talk(*client, server);
    QVERIFY(server.code != GSASL_OK);
    QVERIFY(!client->complete());
}

//! Where the server offers no -PLUS, a channel that could be bound to is no hindrance.
void tst_SaslClient::bindingThatIsNotAskedFor() {
    const Connection connection(13);
    Server server("SCRAM-SHA-256");
    const auto client = clientFor("SCRAM-SHA-256", sam(connection.client->channelBinding()));
    const auto error = talk(*client, server);
    QVERIFY2(!error, error ? error->logSafeDetail.c_str() : "");
    QVERIFY(client->complete());
}

void tst_SaslClient::bearerWords() {
    SaslIdentity identity = sam();
    identity.userName = "sam=a,b@court.example";
    const auto bearer = clientFor("OAUTHBEARER", identity, "ya29.token");
    QCOMPARE(bearer->step({})->view(),
             "n,a=sam=3Da=2Cb@court.example,\x01host=smtp.example\x01port=587\x01"
             "auth=Bearer ya29.token\x01\x01");
    QVERIFY(bearer->complete());
    QCOMPARE(bearer->step("{\"status\":\"invalid_token\"}")->view(), "\x01");
    QVERIFY(!bearer->complete());
    QCOMPARE(bearer->step("{}").error().code, "sasl.challenge");
    const auto xoauth2 = clientFor("XOAUTH2", identity, "ya29.token");
    QCOMPARE(xoauth2->step({})->view(), "user=sam=a,b@court.example\x01"
                                        "auth=Bearer ya29.token\x01\x01");
    QVERIFY(xoauth2->step("{}")->empty());
}

void tst_SaslClient::whatCannotBeSaid_data() {
    QTest::addColumn<QByteArray>("mechanism");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("code");
    const QByteArray nul("a\0b", 3);
    QTest::newRow("rfc4616-2-nul-in-the-name")
        << QByteArray("PLAIN") << nul << QByteArray("x") << QByteArray("sasl.identity");
    QTest::newRow("rfc4616-2-nul-in-the-password")
        << QByteArray("PLAIN") << QByteArray("sam") << nul << QByteArray("sasl.identity");
    QTest::newRow("separator in a token") << QByteArray("XOAUTH2") << QByteArray("sam")
                                          << QByteArray("a\x01") << QByteArray("sasl.identity");
    QTest::newRow("no password") << QByteArray("SCRAM-SHA-256") << QByteArray("sam") << QByteArray()
                                 << QByteArray("sasl.identity");
    QTest::newRow("unknown") << QByteArray("CRAM-MD5") << QByteArray("sam") << QByteArray("x")
                             << QByteArray("sasl.mechanism");
    QTest::newRow("-PLUS without a channel")
        << QByteArray("SCRAM-SHA-256-PLUS") << QByteArray("sam") << QByteArray("x")
        << QByteArray("sasl.mechanism");
}

void tst_SaslClient::whatCannotBeSaid() {
    QFETCH(QByteArray, mechanism);
    QFETCH(QByteArray, user);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, code);
    auto identity = sam();
    identity.userName = user.toStdString();
    const auto client = SaslClient::start(mechanism.toStdString(), identity,
                                          base::SecretBytes(secret.toStdString()));
    QVERIFY(!client);
    QCOMPARE(client.error().code, code.toStdString());
}

QTEST_GUILESS_MAIN(tst_SaslClient)
#include "tst_SaslClient.moc"
