// SPDX-License-Identifier: GPL-3.0-or-later
// The window's sign-in over the real runtime, against an OpenID provider on loopback: discovery and
// tokens by HTTPS, the browser's way back by the loopback redirect.
#include "net/TcpStream.h"
#include "net/TlsStream.h"
#include "support/MemoryKeychain.h"
#include "support/TestIdentities.h"
#include "ui/RuntimeComposeService.h"
#include "unit/submit/FakeProvider.h"

#include <QFile>
#include <QFuture>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>
#include <QUrlQuery>
#include <array>
#include <thread>

using namespace sealpost;
using namespace std::chrono_literals;

namespace {

Deadline soon() {
    return Deadline::after(20s);
}

//! Headers, and as much of a body as they say.
std::string readRequest(net::ByteStream &stream, const std::stop_token &stop) {
    std::string got;
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto end = got.find("\r\n\r\n");
        const auto field = got.find("Content-Length: ");
        const auto size = field < end ? std::stoul(got.substr(field + 16)) : 0U;
        if (end != std::string::npos && got.size() >= end + 4 + size) {
            return got;
        }
        const auto count = stream.read(bytes, soon(), stop);
        if (!count || *count == 0) {
            return {};
        }
        got.append(bytes.data(), *count);
    }
}

//! FakeProvider behind HTTPS, under an issuer of its own.
class LoopbackProvider {
public:
    LoopbackProvider()
        : m_listener(std::move(*net::TcpListener::listen("127.0.0.1", Port{0}))),
          issuer("https://localhost:" +
                 std::to_string(static_cast<std::uint16_t>(m_listener->port()))) {
        const auto text = [this](const char *path) {
            return QString::fromStdString(issuer + path);
        };
        provider.discoveryUrl = issuer + "/.well-known/openid-configuration";
        provider.discovery[QStringLiteral("issuer")] = text("");
        provider.discovery[QStringLiteral("authorization_endpoint")] = text("/auth");
        provider.discovery[QStringLiteral("token_endpoint")] = text("/token");
        provider.discovery[QStringLiteral("device_authorization_endpoint")] = text("/device");
        provider.claims[QStringLiteral("iss")] = text("");
        m_thread = std::jthread([this](const std::stop_token &stop) {
            while (auto client = m_listener->accept(Deadline::after(1min), stop)) {
                serve(std::move(*client), stop);
            }
        });
    }

    //! Where the browser is sent back to, once the person has said yes.
    std::string redirectOf(const std::string &page) {
        submit::OAuthRequest request;
        request.url = page;
        auto query = provider.redirectFor(request);
        query = query.substr(0, query.find("&iss=")) +
                "&iss=" + QUrl::toPercentEncoding(QString::fromStdString(issuer)).toStdString();
        const QUrlQuery asked{QUrl(QString::fromStdString(page))};
        return asked.queryItemValue(QStringLiteral("redirect_uri"), QUrl::FullyDecoded)
                   .toStdString() +
               "?" + query;
    }

private:
    void serve(std::unique_ptr<net::ByteStream> below, const std::stop_token &stop) {
        auto engine = crypto::TlsEngine::server(test::serverTls("localhost"));
        auto tls = net::TlsStream::handshake(std::move(below), std::move(*engine), soon(), stop);
        if (!tls) {
            return;
        }
        const auto request = readRequest(**tls, stop);
        const auto from = request.find(' ') + 1;
        const auto path = request.substr(from, request.find(' ', from) - from);
        const auto body = request.substr(std::min(request.size(), request.find("\r\n\r\n") + 4));
        net::HttpResponse answer{404, "{}"};
        if (path == "/.well-known/openid-configuration") {
            answer = {200, provider.web().get(issuer + path, soon(), {}).value()};
        } else if (path == "/token" || path == "/device") {
            answer = provider.web()
                         .post("https://id.example" + path, SecretBytes(body), soon(), {})
                         .value();
        }
        const auto head = "HTTP/1.1 " + std::to_string(answer.status) +
                          " x\r\nContent-Type: application/json\r\nConnection: close\r\n"
                          "Content-Length: " +
                          std::to_string(answer.body.size()) + "\r\n\r\n";
        (void)(*tls)->write(head + answer.body, soon(), stop);
        (*tls)->close();
    }

    std::unique_ptr<net::TcpListener> m_listener;

public:
    std::string issuer;
    test::FakeProvider provider;

private:
    std::jthread m_thread; //!< last: ends before what it uses
};

//! What the person's browser does.
void openInBrowser(const std::string &address) {
    const QUrl url(QString::fromStdString(address));
    auto stream = net::connectTcp({url.host().toStdString()},
                                  Port(static_cast<std::uint16_t>(url.port())), soon(), {});
    QVERIFY(stream.has_value());
    const auto target =
        url.path(QUrl::FullyEncoded) + QLatin1Char('?') + url.query(QUrl::FullyEncoded);
    QVERIFY((*stream)->write("GET " + target.toStdString() + " HTTP/1.1\r\nHost: x\r\n\r\n", soon(),
                             {}));
    std::array<char, 4096> bytes{};
    QVERIFY((*stream)->read(bytes, soon(), {}).value_or(0) > 0);
}

} // namespace

class TestSignIn final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        runtime::RuntimeOptions options;
        options.profile = m_profile.path().toStdString();
        options.machinePolicyFolder = m_profile.path().toStdString() + "/none";
        options.keychain = m_keychain;
        options.caFile = test::testCa().rootFile();
        QFile policy(m_profile.filePath(QStringLiteral("policy.toml")));
        QVERIFY(policy.open(QIODevice::WriteOnly));
        policy.write(QByteArray("[[accounts.oauth-clients]]\nissuer = \"") +
                     m_provider.issuer.c_str() +
                     "\"\nclient-id = \"sealpost\"\nclient-secret = \"\"\n");
        policy.close();
        m_service = std::make_unique<ui::RuntimeComposeService>(std::move(options));
        const auto session = finished(m_service->open());
        QVERIFY2(session, session ? "" : session.error().code.c_str());
    }
    void cleanupTestCase() { m_service.reset(); }

    //! The client id comes from policy.
    void byBrowser() {
        const auto account = this->account("By browser");
        QVERIFY(finished(m_service->addAccount(account, noPassword())).has_value());
        auto signing = m_service->signIn(account.name, submit::SignInWay::Browser, {});
        openInBrowser(m_provider.redirectOf(placeOf(signing).url));
        QCOMPARE(endOf(signing), std::string("ok"));
        QCOMPARE(accessTokenOf(account), std::string("a1"));
    }

    void byDevice() {
        const auto account = this->account("By device");
        QVERIFY(finished(m_service->addAccount(account, noPassword())).has_value());
        auto signing = m_service->signIn(account.name, submit::SignInWay::Device, {});
        QCOMPARE(placeOf(signing).code, std::string("WDJB-MJHT"));
        QCOMPARE(endOf(signing), std::string("ok"));
        QVERIFY(accessTokenOf(account).starts_with("a"));
    }

    void anAnswerForSomebodyElse_data() {
        QTest::addColumn<std::string>("from");
        QTest::addColumn<std::string>("to");
        QTest::addColumn<std::string>("code");
        QTest::newRow("state") << std::string("state=") << std::string("state=x")
                               << std::string("oauth.state");
        QTest::newRow("issuer") << std::string("iss=https") << std::string("iss=http")
                                << std::string("oauth.issuer");
        QTest::newRow("code") << std::string("c0de") << std::string("other")
                              << std::string("oauth.sign-in");
    }
    void anAnswerForSomebodyElse() {
        QFETCH(std::string, from);
        QFETCH(std::string, to);
        QFETCH(std::string, code);
        auto signing = m_service->signIn("By browser", submit::SignInWay::Browser, {});
        auto back = m_provider.redirectOf(placeOf(signing).url);
        back.replace(back.find(from), from.size(), to);
        const auto before = accessTokenOf(account("By browser"));
        openInBrowser(back);
        QCOMPARE(endOf(signing), code);
        QCOMPARE(accessTokenOf(account("By browser")), before);
    }

    void aTokenForAnotherProgram() {
        m_provider.provider.claims[QStringLiteral("aud")] = QStringLiteral("another");
        auto signing = m_service->signIn("By browser", submit::SignInWay::Browser, {});
        openInBrowser(m_provider.redirectOf(placeOf(signing).url));
        QCOMPARE(endOf(signing), std::string("oauth.audience"));
    }

    void whoIsNotRegistered() {
        auto other = account("Other");
        other.oauth.issuer = "https://localhost:1";
        QCOMPARE(finished(m_service->addAccount(other, noPassword())).error().code,
                 std::string("account.no-oauth-client"));
    }

private:
    static std::shared_ptr<SecretBytes> noPassword() { return std::make_shared<SecretBytes>(); }
    [[nodiscard]] mail::Account account(const char *name) const {
        mail::Account one;
        one.name = name;
        one.address = mail::Address::parse("sam@justice.example").value();
        one.host = "smtp.justice.example";
        one.userName = one.address.spec();
        one.signIn = mail::SignIn::OAuth;
        one.oauth = {m_provider.issuer, {}, {}, "openid offline_access smtp"};
        return one;
    }
    [[nodiscard]] std::string accessTokenOf(const mail::Account &one) const {
        const auto stored = m_keychain->read(one.keychainKey());
        return stored && *stored
                   ? std::string(submit::OAuthTokens::fromSecret(**stored)->access.view())
                   : std::string();
    }
    template <class T> static T finished(QFuture<T> future) {
        future.waitForFinished();
        return future.resultAt(future.resultCount() - 1);
    }
    static submit::SignInPlace placeOf(QFuture<ui::SignInEvent> &signing) {
        return std::get<submit::SignInPlace>(signing.resultAt(0)); // waits for it
    }
    static std::string endOf(QFuture<ui::SignInEvent> &signing) {
        const auto event = finished(signing);
        const auto &end = std::get<Result<void>>(event);
        return end ? "ok" : end.error().code;
    }

    QTemporaryDir m_profile{QStringLiteral("/tmp/spg-XXXXXX")};
    std::shared_ptr<test::MemoryKeychain> m_keychain = std::make_shared<test::MemoryKeychain>();
    LoopbackProvider m_provider;
    std::unique_ptr<ui::RuntimeComposeService> m_service;
};

QTEST_MAIN(TestSignIn)
#include "tst_SignIn.moc"
