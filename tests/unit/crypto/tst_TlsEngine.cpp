// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/TlsEngine.h"
#include "crypto/TlsPeerVerifier.h"
#include "support/TestCa.h"

#include <QCryptographicHash>
#include <QTest>
#include <algorithm>
#include <array>

using namespace sealpost;
using crypto::PeerCheck;
using crypto::PeerProblem;
using crypto::ServerStrength;
using crypto::TlsEngine;
using test::ServerFault;
using test::ServerKey;
using test::Staple;
using test::TestCa;

namespace {

constexpr const char *kHost = "mx.test";
constexpr std::size_t kWhole = 1 << 20;
using Engine = std::unique_ptr<TlsEngine>;
using Problems = std::vector<PeerProblem>;

//! What came of a handshake between two engines.
struct Meeting {
    Engine client;
    Engine server;
    std::optional<Error> clientError;
    std::optional<Error> serverError;
    [[nodiscard]] bool succeeded() const { return !clientError && !serverError; }
};

void carry(TlsEngine &from, TlsEngine &to, std::size_t pieceSize) {
    const auto bytes = from.takeOutput();
    for (std::size_t offset = 0; offset < bytes.size(); offset += pieceSize) {
        to.feed(std::string_view(bytes).substr(offset, pieceSize));
    }
}

bool step(TlsEngine &engine, std::optional<Error> &error) {
    const auto progress = engine.handshake();
    if (!progress) {
        error = progress.error();
        return false;
    }
    return *progress == TlsEngine::Progress::Done;
}

//! Both sides to their end; bytes arrive in pieces, and each piece is looked at on its own.
Meeting meet(Engine client, Engine server, std::size_t pieceSize = kWhole) {
    Meeting meeting{std::move(client), std::move(server), {}, {}};
    bool clientDone = false;
    bool serverDone = false;
    for (int round = 0; round < 20 && !(clientDone && serverDone); ++round) {
        clientDone = step(*meeting.client, meeting.clientError);
        const auto toServer = meeting.client->takeOutput();
        for (std::size_t at = 0; at < toServer.size(); at += pieceSize) {
            meeting.server->feed(std::string_view(toServer).substr(at, pieceSize));
            serverDone = step(*meeting.server, meeting.serverError);
        }
        const auto toClient = meeting.server->takeOutput();
        for (std::size_t at = 0; at < toClient.size(); at += pieceSize) {
            meeting.client->feed(std::string_view(toClient).substr(at, pieceSize));
            clientDone = step(*meeting.client, meeting.clientError);
        }
        if (meeting.clientError || meeting.serverError) {
            carry(*meeting.client, *meeting.server, pieceSize);
            break;
        }
    }
    return meeting;
}

std::string readAll(TlsEngine &engine) {
    std::string text;
    std::array<char, 1000> buffer{};
    for (;;) {
        const auto count = engine.read(buffer);
        if (!count || *count == 0) {
            return text;
        }
        text.append(buffer.data(), *count);
    }
}

Engine serverWith(const test::TestServerCertificate &certificate,
                  ServerStrength strength = ServerStrength::Modern, int least = 12, int most = 13) {
    return TlsEngine::server({certificate.chainPem, certificate.keyPem, least, most, strength})
        .value();
}

} // namespace

Q_DECLARE_METATYPE(sealpost::test::ServerFault)
Q_DECLARE_METATYPE(sealpost::test::ServerKey)

class TestTlsEngine : public QObject {
    Q_OBJECT
private slots:
    void carriesBytesBothWays_data();
    void carriesBytesBothWays();
    void tellsWhatItSaw_data();
    void tellsWhatItSaw();
    void faultsFailWhereEnforced_data();
    void faultsFailWhereEnforced();
    void faultsAreRecordedByAProbe_data();
    void faultsAreRecordedByAProbe();
    void unknownRoot();
    void rootThatIsSentIsNotTrusted();
    void severalFaultsAtOnce();
    void names_data();
    void names();
    void datesAgainstAGivenTime();
    void keyMinimumIsThePolicys();
    void oldVersionOnly_data();
    void oldVersionOnly();
    void version13Only();
    void hostsThatAreNone_data();
    void hostsThatAreNone();
    void rootsThatCannotBeRead();
    void serverWithoutAMatchingKey();
    void nothingPassesBeforeTheHandshake();
    void nothingPassesAfterARefusal();
    void wireEndsInMidHandshake();
    void plainTextInsteadOfTls();
    void alertFromTheServer();
    void closeNotify();
    void truncationReadsAsEnd();
    void damagedRecord();
    void serverNameIsSent();
    void anotherServerNameIsSent();
    void furtherNamesAreTold();
    void chainIsKeptAsSent();
    void connectionsAtOnceAreJudgedApart();
    void staple_data();
    void staple();
    void revokedStapleFailsWhereEnforced_data();
    void revokedStapleFailsWhereEnforced();

private:
    [[nodiscard]] Engine client(PeerCheck check = PeerCheck::Enforce,
                                const std::string &host = kHost) const {
        return TlsEngine::client(config(check, host)).value();
    }
    [[nodiscard]] crypto::TlsClientConfig config(PeerCheck check = PeerCheck::Enforce,
                                                 const std::string &host = kHost) const {
        crypto::TlsClientConfig made;
        made.host = host;
        made.check = check;
        made.caFile = m_ca.rootFile();
        return made;
    }

    TestCa m_ca;
};

void TestTlsEngine::carriesBytesBothWays_data() {
    QTest::addColumn<int>("pieceSize");
    QTest::newRow("whole") << static_cast<int>(kWhole);
    QTest::newRow("byte-by-byte") << 1;
    QTest::newRow("seven-bytes") << 7;
}

void TestTlsEngine::carriesBytesBothWays() {
    QFETCH(const int, pieceSize);
    const auto size = static_cast<std::size_t>(pieceSize);
    auto meeting = meet(client(), serverWith(m_ca.server(kHost)), size);
    QVERIFY(meeting.succeeded());
    QVERIFY(meeting.client->write("EHLO client.test\r\n").has_value());
    carry(*meeting.client, *meeting.server, size);
    QCOMPARE(readAll(*meeting.server), "EHLO client.test\r\n");
    const std::string large(100'000, 'r');
    QVERIFY(meeting.server->write(large).has_value());
    carry(*meeting.server, *meeting.client, size);
    QCOMPARE(readAll(*meeting.client), large);
    QVERIFY(!meeting.client->closed());
}

void TestTlsEngine::tellsWhatItSaw_data() {
    QTest::addColumn<ServerKey>("key");
    QTest::addColumn<int>("version");
    QTest::addColumn<std::string>("cipher");
    QTest::addColumn<std::string>("keyType");
    QTest::addColumn<int>("keyBits");
    QTest::newRow("tls1.3-ec") << ServerKey::EcP256 << 13 << std::string("TLS_AES_256_GCM_SHA384")
                               << std::string("EC") << 256;
    QTest::newRow("tls1.3-ed25519")
        << ServerKey::Ed25519 << 13 << std::string("TLS_AES_256_GCM_SHA384")
        << std::string("Ed25519") << 256;
    QTest::newRow("tls1.2-rsa") << ServerKey::Rsa2048 << 12
                                << std::string("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
                                << std::string("RSA") << 2048;
    QTest::newRow("tls1.2-ec") << ServerKey::EcP256 << 12
                               << std::string("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                               << std::string("EC") << 256;
}

void TestTlsEngine::tellsWhatItSaw() {
    QFETCH(const ServerKey, key);
    QFETCH(const int, version);
    QFETCH(const std::string, cipher);
    QFETCH(const std::string, keyType);
    QFETCH(const int, keyBits);
    auto meeting = meet(client(), serverWith(m_ca.server(kHost, ServerFault::None, key),
                                             ServerStrength::Modern, 12, version));
    QVERIFY(meeting.succeeded());
    const auto &peer = meeting.client->peer();
    QCOMPARE(peer.version, "TLSv1." + std::to_string(version - 10));
    QCOMPARE(peer.cipher, cipher);
    QCOMPARE(peer.group, "x25519");
    QCOMPARE(peer.subject, "CN=mx.test");
    QCOMPARE(peer.issuer, "CN=Test intermediate");
    QCOMPARE(peer.sha256.size(), std::size_t{64});
    QCOMPARE(peer.names, std::vector<std::string>{kHost});
    QCOMPARE(peer.keyType, keyType);
    QCOMPARE(peer.keyBits, keyBits);
    QCOMPARE(peer.signature, "ecdsa-with-SHA256");
    QVERIFY(peer.problems.empty());
    QVERIFY(peer.chainValid);
    QVERIFY(peer.nameMatches);
    const auto now = base::SystemClock().now();
    QVERIFY(peer.notBefore < now && now < peer.notAfter);
    QVERIFY(peer.notAfter - peer.notBefore == std::chrono::hours(25));
}

void TestTlsEngine::faultsFailWhereEnforced_data() {
    QTest::addColumn<ServerFault>("fault");
    QTest::addColumn<int>("problem");
    const auto row = [](const char *name, ServerFault fault, PeerProblem problem) {
        QTest::newRow(name) << fault << static_cast<int>(problem);
    };
    row("rfc5280-4.1.2.5-expired", ServerFault::Expired, PeerProblem::Expired);
    row("rfc5280-4.1.2.5-not-yet-valid", ServerFault::NotYetValid, PeerProblem::NotYetValid);
    row("rfc6125-6-wrong-name", ServerFault::WrongName, PeerProblem::NameMismatch);
    row("rfc5280-6.1-self-signed", ServerFault::SelfSigned, PeerProblem::SelfSigned);
    row("rfc9325-4.5-rsa-1024", ServerFault::WeakKey, PeerProblem::WeakKey);
    row("rfc9325-4.5-sha-1", ServerFault::WeakSignature, PeerProblem::WeakSignature);
    row("rfc5280-4.2.1.12-client-only", ServerFault::ClientPurpose, PeerProblem::WrongPurpose);
    row("rfc5280-6.1-missing-intermediate", ServerFault::MissingIntermediate,
        PeerProblem::IncompleteChain);
}

void TestTlsEngine::faultsFailWhereEnforced() {
    QFETCH(const ServerFault, fault);
    QFETCH(const int, problem);
    const auto wanted = static_cast<PeerProblem>(problem);
    auto meeting =
        meet(client(), serverWith(m_ca.server(kHost, fault), ServerStrength::LegacyForTests));
    QVERIFY(meeting.clientError.has_value());
    QCOMPARE(meeting.clientError->code, "tls.certificate");
    QVERIFY(meeting.clientError->reaction == Reaction::AskAdmin);
    QCOMPARE(meeting.clientError->logSafeDetail, std::string(toString(wanted)));
    QCOMPARE(meeting.clientError->subject, kHost);
    const auto &peer = meeting.client->peer();
    QCOMPARE(peer.problems, Problems{wanted});
    QVERIFY(!peer.subject.empty());
    QCOMPARE(peer.sha256.size(), std::size_t{64});
    // The server is told by an alert.
    const auto told = meeting.server->handshake();
    QVERIFY(!told);
    QCOMPARE(told.error().code, "tls.alert");
}

void TestTlsEngine::faultsAreRecordedByAProbe_data() {
    faultsFailWhereEnforced_data();
}

void TestTlsEngine::faultsAreRecordedByAProbe() {
    QFETCH(const ServerFault, fault);
    QFETCH(const int, problem);
    const auto wanted = static_cast<PeerProblem>(problem);
    auto meeting = meet(client(PeerCheck::Record),
                        serverWith(m_ca.server(kHost, fault), ServerStrength::LegacyForTests));
    QVERIFY(meeting.succeeded());
    const auto &peer = meeting.client->peer();
    QCOMPARE(peer.problems, Problems{wanted});
    QCOMPARE(peer.nameMatches, wanted != PeerProblem::NameMismatch);
    const bool chainIsSound = wanted == PeerProblem::NameMismatch ||
                              wanted == PeerProblem::WeakKey ||
                              wanted == PeerProblem::WeakSignature;
    QCOMPARE(peer.chainValid, chainIsSound);
    QCOMPARE(peer.version, "TLSv1.3");
}

void TestTlsEngine::unknownRoot() {
    const TestCa other;
    auto meeting = meet(client(), serverWith(other.server(kHost)));
    QVERIFY(meeting.clientError.has_value());
    QCOMPARE(meeting.clientError->logSafeDetail, "untrusted-root");
    auto probe = meet(client(PeerCheck::Record), serverWith(other.server(kHost)));
    QVERIFY(probe.succeeded());
    QCOMPARE(probe.client->peer().problems, Problems{PeerProblem::UntrustedRoot});
    QVERIFY(!probe.client->peer().chainValid);
}

void TestTlsEngine::rootThatIsSentIsNotTrusted() {
    const TestCa other;
    auto certificate = other.server(kHost);
    certificate.chainPem += other.rootPem();
    auto meeting = meet(client(), serverWith(certificate));
    QVERIFY(meeting.clientError.has_value());
    QCOMPARE(meeting.clientError->logSafeDetail, "untrusted-root");
}

void TestTlsEngine::severalFaultsAtOnce() {
    const TestCa other;
    auto meeting = meet(client(PeerCheck::Record, "another.test"),
                        serverWith(other.server(kHost, ServerFault::Expired)));
    QVERIFY(meeting.succeeded());
    const auto &problems = meeting.client->peer().problems;
    QCOMPARE(problems.size(), std::size_t{3});
    for (const auto problem :
         {PeerProblem::UntrustedRoot, PeerProblem::Expired, PeerProblem::NameMismatch}) {
        QVERIFY(std::ranges::find(problems, problem) != problems.end());
    }
}

void TestTlsEngine::names_data() {
    QTest::addColumn<QStringList>("alternativeNames");
    QTest::addColumn<std::string>("host");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *name, const QStringList &names, const char *host, bool ok) {
        QTest::newRow(name) << names << std::string(host) << ok;
    };
    const QString wildcard = QStringLiteral("DNS:*.mail.test");
    row("rfc6125-6.4.1-case", {QStringLiteral("DNS:MX.Test")}, "mx.test", true);
    row("rfc6125-6.4.3-wildcard-one-label", {wildcard}, "mx.mail.test", true);
    row("rfc6125-6.4.3-wildcard-not-two-labels", {wildcard}, "a.b.mail.test", false);
    row("rfc6125-6.4.3-wildcard-not-bare", {wildcard}, "mail.test", false);
    row("wildcard-not-over-a-top-level-domain", {QStringLiteral("DNS:*.test")}, "mx.test", false);
    row("rfc9525-6.3-no-partial-wildcard", {QStringLiteral("DNS:m*.mail.test")}, "mx.mail.test",
        false);
    row("rfc9525-2-common-name-never", {}, "mx.test", false);
    row("second-name-counts", {QStringLiteral("DNS:a.test"), QStringLiteral("DNS:mx.test")},
        "mx.test", true);
    row("suffix-is-not-enough", {QStringLiteral("DNS:test.mx.test")}, "mx.test", false);
    row("address-by-ip-entry", {QStringLiteral("IP:127.0.0.1")}, "127.0.0.1", true);
    row("address-v6", {QStringLiteral("IP:::1")}, "::1", true);
    row("address-not-by-dns-entry", {QStringLiteral("DNS:127.0.0.1")}, "127.0.0.1", false);
    row("another-address", {QStringLiteral("IP:127.0.0.2")}, "127.0.0.1", false);
}

void TestTlsEngine::names() {
    QFETCH(const QStringList, alternativeNames);
    QFETCH(const std::string, host);
    QFETCH(const bool, matches);
    std::vector<std::string> names;
    for (const auto &name : alternativeNames) {
        names.push_back(name.toStdString());
    }
    const auto certificate = m_ca.serverNamed(names, host);
    auto meeting = meet(client(PeerCheck::Enforce, host), serverWith(certificate));
    QCOMPARE(meeting.succeeded(), matches);
    QCOMPARE(meeting.client->peer().nameMatches, matches);
    if (!matches) {
        QCOMPARE(meeting.clientError->logSafeDetail, "name-mismatch");
    }
}

void TestTlsEngine::datesAgainstAGivenTime() {
    auto early = config();
    early.now = base::SystemClock().now() - std::chrono::hours(3);
    auto before = meet(TlsEngine::client(early).value(), serverWith(m_ca.server(kHost)));
    QCOMPARE(before.clientError.value_or(Error{}).logSafeDetail, "not-yet-valid");
    auto late = config();
    late.now = base::SystemClock().now() + std::chrono::hours(30);
    auto after = meet(TlsEngine::client(late).value(), serverWith(m_ca.server(kHost)));
    QCOMPARE(after.clientError.value_or(Error{}).logSafeDetail, "expired");
}

void TestTlsEngine::keyMinimumIsThePolicys() {
    auto strict = config();
    strict.minimumEcBits = 384;
    auto ec = meet(TlsEngine::client(strict).value(), serverWith(m_ca.server(kHost)));
    QCOMPARE(ec.clientError.value_or(Error{}).logSafeDetail, "weak-key");
    strict = config();
    strict.minimumRsaBits = 3072;
    auto rsa = meet(TlsEngine::client(strict).value(),
                    serverWith(m_ca.server(kHost, ServerFault::None, ServerKey::Rsa2048)));
    QCOMPARE(rsa.clientError.value_or(Error{}).logSafeDetail, "weak-key");
}

void TestTlsEngine::oldVersionOnly_data() {
    QTest::addColumn<int>("version");
    QTest::newRow("rfc8996-tls1.0") << 10;
    QTest::newRow("rfc8996-tls1.1") << 11;
}

void TestTlsEngine::oldVersionOnly() {
    QFETCH(const int, version);
    const auto certificate = m_ca.server(kHost);
    auto lax = config();
    lax.minimumVersion = version; // must not help
    for (const auto &asked : {config(), lax}) {
        auto enforced =
            meet(TlsEngine::client(asked).value(),
                 serverWith(certificate, ServerStrength::LegacyForTests, version, version));
        QVERIFY(!enforced.succeeded());
        const auto outcome = enforced.client->handshake();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, "tls.version");
    }
    auto probe = meet(client(PeerCheck::Record),
                      serverWith(certificate, ServerStrength::LegacyForTests, version, version));
    QVERIFY(probe.succeeded());
    QCOMPARE(probe.client->peer().version, version == 10 ? "TLSv1" : "TLSv1.1");
    QCOMPARE(probe.client->peer().problems, Problems{PeerProblem::OldProtocol});
    QVERIFY(probe.client->peer().chainValid);
}

void TestTlsEngine::version13Only() {
    auto asked = config();
    asked.minimumVersion = 13;
    const auto certificate = m_ca.server(kHost);
    auto refused = meet(TlsEngine::client(asked).value(),
                        serverWith(certificate, ServerStrength::Modern, 12, 12));
    QVERIFY(!refused.succeeded());
    const auto sent = refused.server->takeOutput();
    refused.client->feed(sent);
    const auto outcome = refused.client->handshake();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, "tls.version");
    auto taken = meet(TlsEngine::client(asked).value(), serverWith(certificate));
    QVERIFY(taken.succeeded());
}

void TestTlsEngine::hostsThatAreNone_data() {
    QTest::addColumn<std::string>("host");
    QTest::newRow("empty") << std::string();
    QTest::newRow("root") << std::string(".");
    QTest::newRow("leading-dot-is-a-wildcard") << std::string(".test");
    QTest::newRow("last-dot") << std::string("mx.test.");
    QTest::newRow("empty-label") << std::string("mx..test");
    QTest::newRow("wildcard") << std::string("*.test");
    QTest::newRow("nul") << std::string("mx.test\0.evil.test", 18);
    QTest::newRow("line-end") << std::string("mx.test\r\n");
    QTest::newRow("u-label") << std::string("m\xc3\xbcx.test");
    QTest::newRow("too-long") << std::string(254, 'a');
}

void TestTlsEngine::hostsThatAreNone() {
    QFETCH(const std::string, host);
    const auto made = TlsEngine::client(config(PeerCheck::Enforce, host));
    QVERIFY(!made);
    QCOMPARE(made.error().code, "tls.host");
}

void TestTlsEngine::rootsThatCannotBeRead() {
    auto asked = config();
    for (const auto *file : {"/nonexistent/roots.pem", "/dev/null"}) {
        asked.caFile = file;
        const auto made = TlsEngine::client(asked);
        QVERIFY(!made);
        QCOMPARE(made.error().code, "tls.ca-file");
        QVERIFY(made.error().reaction == Reaction::AskAdmin);
        QCOMPARE(made.error().subject, file);
    }
}

void TestTlsEngine::serverWithoutAMatchingKey() {
    const auto one = m_ca.server(kHost);
    const auto two = m_ca.server(kHost);
    QCOMPARE(TlsEngine::server({one.chainPem, two.keyPem}).error().code, "tls.server-certificate");
    QCOMPARE(TlsEngine::server({"", one.keyPem}).error().code, "tls.server-certificate");
    const auto weak = m_ca.server(kHost, ServerFault::WeakKey);
    QCOMPARE(TlsEngine::server({weak.chainPem, weak.keyPem}).error().code,
             "tls.server-certificate");
}

void TestTlsEngine::nothingPassesBeforeTheHandshake() {
    auto engine = client();
    std::array<char, 16> buffer{};
    QCOMPARE(engine->read(buffer).error().code, "tls.state");
    QCOMPARE(engine->write("MAIL FROM").error().code, "tls.state");
    QVERIFY(engine->takeOutput().empty());
    // Plain bytes ahead of the server's hello are no data either.
    engine->feed("250 injected\r\n");
    QCOMPARE(engine->read(buffer).error().code, "tls.state");
}

void TestTlsEngine::nothingPassesAfterARefusal() {
    auto meeting = meet(client(), serverWith(m_ca.server(kHost, ServerFault::WrongName)));
    QCOMPARE(meeting.clientError.value_or(Error{}).code, "tls.certificate");
    std::array<char, 16> buffer{};
    QCOMPARE(meeting.client->read(buffer).error().code, "tls.certificate");
    QCOMPARE(meeting.client->write("AUTH PLAIN").error().code, "tls.certificate");
    QCOMPARE(meeting.client->handshake().error().code, "tls.certificate");
    meeting.client->close();
    QVERIFY(meeting.client->takeOutput().empty());
}

void TestTlsEngine::wireEndsInMidHandshake() {
    auto silent = client();
    QVERIFY(*silent->handshake() == TlsEngine::Progress::NeedsInput);
    silent->feedEnd();
    const auto ended = silent->handshake();
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, "tls.closed");
    QVERIFY(ended.error().reaction == Reaction::Retry);
    QVERIFY(silent->closed());

    auto halfway = client();
    auto server = serverWith(m_ca.server(kHost));
    QVERIFY(halfway->handshake().has_value());
    carry(*halfway, *server, kWhole);
    QVERIFY(server->handshake().has_value());
    const auto flight = server->takeOutput();
    halfway->feed(std::string_view(flight).substr(0, flight.size() / 2));
    QVERIFY(*halfway->handshake() == TlsEngine::Progress::NeedsInput);
    halfway->feedEnd();
    QCOMPARE(halfway->handshake().error().code, "tls.closed");
}

void TestTlsEngine::plainTextInsteadOfTls() {
    auto engine = client();
    QVERIFY(engine->handshake().has_value());
    engine->feed("220 mx.test ESMTP ready\r\n");
    const auto outcome = engine->handshake();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, "tls.handshake");
    QVERIFY(!outcome.error().logSafeDetail.empty());
}

void TestTlsEngine::alertFromTheServer() {
    auto engine = client();
    QVERIFY(engine->handshake().has_value());
    engine->feed(std::string("\x15\x03\x03\x00\x02\x02\x28", 7)); // fatal, handshake_failure
    const auto outcome = engine->handshake();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, "tls.alert");
    QCOMPARE(outcome.error().logSafeDetail, "handshake failure");
}

void TestTlsEngine::closeNotify() {
    auto meeting = meet(client(), serverWith(m_ca.server(kHost)));
    QVERIFY(meeting.server->write("221 bye\r\n").has_value());
    meeting.server->close();
    carry(*meeting.server, *meeting.client, kWhole);
    QVERIFY(!meeting.client->closed());
    QCOMPARE(readAll(*meeting.client), "221 bye\r\n");
    QVERIFY(meeting.client->closed());
    QCOMPARE(meeting.server->write("more").error().code, "tls.broken");
}

void TestTlsEngine::truncationReadsAsEnd() {
    auto meeting = meet(client(), serverWith(m_ca.server(kHost)));
    QVERIFY(meeting.server->write("250 ok\r\n").has_value());
    QVERIFY(meeting.server->write("never whole").has_value());
    const auto bytes = meeting.server->takeOutput();
    meeting.client->feed(std::string_view(bytes).substr(0, bytes.size() - 3));
    meeting.client->feedEnd();
    QVERIFY(!meeting.client->closed());
    QCOMPARE(readAll(*meeting.client), "250 ok\r\n");
    QVERIFY(meeting.client->closed());
    std::array<char, 16> buffer{};
    QCOMPARE(meeting.client->read(buffer).value(), std::size_t{0});
}

void TestTlsEngine::damagedRecord() {
    auto meeting = meet(client(), serverWith(m_ca.server(kHost)));
    QVERIFY(meeting.server->write("250 ok\r\n").has_value());
    auto bytes = meeting.server->takeOutput();
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    meeting.client->feed(bytes);
    std::array<char, 16> buffer{};
    const auto outcome = meeting.client->read(buffer);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, "tls.broken");
    QVERIFY(outcome.error().reaction == Reaction::Retry);
    QCOMPARE(meeting.client->write("x").error().code, "tls.broken");
}

void TestTlsEngine::serverNameIsSent() {
    auto named = client();
    QVERIFY(named->handshake().has_value());
    QVERIFY(named->takeOutput().find(kHost) != std::string::npos);
    auto address = client(PeerCheck::Enforce, "127.0.0.1"); // RFC 6066 §3
    QVERIFY(address->handshake().has_value());
    QVERIFY(address->takeOutput().find("127.0.0.1") == std::string::npos);
}

void TestTlsEngine::anotherServerNameIsSent() {
    auto wanted = config(PeerCheck::Enforce, kHost);
    wanted.serverName = "alias.test";
    auto named = TlsEngine::client(wanted).value();
    QVERIFY(named->handshake().has_value());
    const auto hello = named->takeOutput();
    QVERIFY(hello.find("alias.test") != std::string::npos);
    QVERIFY(hello.find(kHost) == std::string::npos);
    // The certificate is still held against the host.
    QVERIFY(meet(TlsEngine::client(wanted).value(), serverWith(m_ca.server(kHost))).succeeded());
    const auto other =
        meet(TlsEngine::client(wanted).value(), serverWith(m_ca.server("alias.test")));
    QCOMPARE(other.clientError->logSafeDetail, "name-mismatch");
}

void TestTlsEngine::furtherNamesAreTold() {
    auto wanted = config(PeerCheck::Record, "mx.test");
    wanted.furtherNames = {"court.test", "other.test", "", "mx.test"};
    const auto certificate = m_ca.serverNamed({"DNS:court.test", "DNS:mx.test"}, "mx.test");
    auto meeting = meet(TlsEngine::client(wanted).value(), serverWith(certificate));
    QVERIFY(meeting.succeeded());
    QCOMPARE(meeting.client->peer().matchedNames,
             (std::vector<std::string>{"mx.test", "court.test"}));
    QVERIFY(meeting.client->peer().nameMatches);
    // A further name alone is no match: the host decides.
    const auto elsewhere = m_ca.serverNamed({"DNS:court.test"}, "court.test");
    auto second = meet(TlsEngine::client(wanted).value(), serverWith(elsewhere));
    QCOMPARE(second.client->peer().matchedNames, std::vector<std::string>{"court.test"});
    QVERIFY(!second.client->peer().nameMatches);
    wanted.check = PeerCheck::Enforce;
    auto third = meet(TlsEngine::client(wanted).value(), serverWith(elsewhere));
    QVERIFY(third.clientError.has_value());
    QCOMPARE(third.clientError->code, "tls.certificate");
    QCOMPARE(third.clientError->logSafeDetail, "name-mismatch");
}

void TestTlsEngine::chainIsKeptAsSent() {
    auto meeting = meet(client(PeerCheck::Record), serverWith(m_ca.server(kHost)));
    QVERIFY(meeting.succeeded());
    const auto &peer = meeting.client->peer();
    QCOMPARE(peer.chain.size(), 2U);
    const auto leaf = QByteArray::fromStdString(peer.chain.front());
    QCOMPARE(QCryptographicHash::hash(leaf, QCryptographicHash::Sha256).toHex().toStdString(),
             peer.sha256);
    QVERIFY(crypto::certificateMatches(peer.chain[0], kHost));
    QVERIFY(!crypto::certificateMatches(peer.chain[0], "other.test"));
    QVERIFY(!crypto::certificateMatches(peer.chain[1], kHost));
    QVERIFY(!crypto::certificateMatches("no certificate", kHost));
    QVERIFY(!crypto::certificateMatches(peer.chain[0], ".test"));
    // Also where a fault is enforced: the report of a refusal shows what was sent.
    auto refused = meet(client(), serverWith(m_ca.server(kHost, ServerFault::MissingIntermediate)));
    QVERIFY(!refused.succeeded());
    QCOMPARE(refused.client->peer().chain.size(), 1U);
}

//! They share what OpenSSL keeps for all connections of one kind.
void TestTlsEngine::connectionsAtOnceAreJudgedApart() {
    const auto server = m_ca.server(kHost);
    auto wrong = client(PeerCheck::Enforce, "other.example");
    auto right = client();
    auto probe = client(PeerCheck::Record, "third.example");
    // Each has sent its first flight before one of them sees a certificate.
    for (auto *engine : {&wrong, &right, &probe}) {
        QVERIFY((*engine)->handshake() == TlsEngine::Progress::NeedsInput);
    }
    const auto refused = meet(std::move(wrong), serverWith(server));
    const auto accepted = meet(std::move(right), serverWith(server));
    const auto recorded = meet(std::move(probe), serverWith(server));
    QVERIFY(refused.clientError.has_value());
    QCOMPARE(refused.clientError->subject, "other.example");
    QVERIFY(refused.client->peer().problems == Problems{PeerProblem::NameMismatch});
    QVERIFY(accepted.succeeded());
    QVERIFY(accepted.client->peer().problems.empty());
    QVERIFY(recorded.succeeded());
    QVERIFY(recorded.client->peer().problems == Problems{PeerProblem::NameMismatch});
}

void TestTlsEngine::staple_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, std::optional<Staple> kind, const char *expected) {
        for (const int version : {12, 13}) {
            QTest::newRow((std::string(name) + ", TLS 1." + std::to_string(version - 10)).c_str())
                << (kind ? static_cast<int>(*kind) : -1) << version << expected;
        }
    };
    row("none", std::nullopt, "absent");
    row("good", Staple::Good, "good");
    row("revoked", Staple::Revoked, "revoked");
    row("unknown to the responder", Staple::Unknown, "unknown");
    row("rfc6960-3.2-out-of-date", Staple::OutOfDate, "invalid");
    row("rfc6960-3.2-other-certificate", Staple::OtherCertificate, "invalid");
    row("rfc6960-4.2.2.2-signed by the certificate itself", Staple::OtherSigner, "invalid");
    row("rfc6960-4.2.2.2-signed by another authority", Staple::OtherAuthority, "invalid");
    row("try later", Staple::TryLater, "invalid");
}

void TestTlsEngine::staple() {
    QFETCH(int, kind);
    QFETCH(int, version);
    QFETCH(QString, expected);
    const auto certificate = m_ca.server(kHost);
    crypto::TlsServerConfig server{certificate.chainPem, certificate.keyPem, 12, version};
    if (kind >= 0) {
        server.ocspResponse = m_ca.staple(certificate, static_cast<Staple>(kind));
    }
    auto meeting = meet(client(PeerCheck::Record), TlsEngine::server(server).value());
    QVERIFY(meeting.succeeded());
    const auto &peer = meeting.client->peer();
    QCOMPARE(QString::fromUtf8(toString(peer.ocsp.state).data()), expected);
    const bool isRevoked = expected == QStringLiteral("revoked");
    QCOMPARE(std::ranges::find(peer.problems, PeerProblem::Revoked) != peer.problems.end(),
             isRevoked);
    QCOMPARE(peer.chainValid, !isRevoked);
    QCOMPARE(peer.ocsp.revokedAt != Time{}, isRevoked);
    if (expected == QStringLiteral("good")) {
        QVERIFY(peer.ocsp.thisUpdate < peer.ocsp.nextUpdate);
    }
}

void TestTlsEngine::revokedStapleFailsWhereEnforced_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("refused");
    for (const int version : {12, 13}) {
        const auto suffix = ", TLS 1." + std::to_string(version - 10);
        QTest::newRow(("rfc6066-8-revoked" + suffix).c_str())
            << static_cast<int>(Staple::Revoked) << version << true;
        QTest::newRow(("out of date" + suffix).c_str())
            << static_cast<int>(Staple::OutOfDate) << version << false;
    }
}

void TestTlsEngine::revokedStapleFailsWhereEnforced() {
    QFETCH(int, kind);
    QFETCH(int, version);
    QFETCH(bool, refused);
    const auto certificate = m_ca.server(kHost);
    crypto::TlsServerConfig server{certificate.chainPem, certificate.keyPem, 12, version};
    server.ocspResponse = m_ca.staple(certificate, static_cast<Staple>(kind));
    auto meeting = meet(client(), TlsEngine::server(server).value());
    QCOMPARE(meeting.clientError.has_value(), refused);
    if (refused) {
        QCOMPARE(meeting.clientError->code, "tls.certificate");
        QCOMPARE(meeting.clientError->logSafeDetail, "revoked");
    }
}

QTEST_GUILESS_MAIN(TestTlsEngine)
#include "tst_TlsEngine.moc"
