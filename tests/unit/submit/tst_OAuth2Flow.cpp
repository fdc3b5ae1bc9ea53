// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/OAuth2Flow.h"

#include "FakeProvider.h"
#include "net/LoopbackRedirect.h"
#include "submit/AccountSignIn.h"
#include "submit/TokenKeeper.h"
#include "support/FakeClock.h"
#include "support/MemoryKeychain.h"

#include <QtTest>
#include <thread>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using test::FakeProvider;

namespace {
Deadline soon() {
    return Deadline::after(10s);
}

mail::Account account() {
    mail::Account made;
    made.name = "work";
    made.signIn = mail::SignIn::OAuth;
    made.oauth = FakeProvider::client();
    return made;
}
} // namespace

class tst_OAuth2Flow : public QObject {
    Q_OBJECT
private slots:
    void init();
    void signsIn();
    void asksWithPkce();
    void answersThatAreNotOurs_data();
    void answersThatAreNotOurs();
    void idTokensThatAreNotOurs_data();
    void idTokensThatAreNotOurs();
    void discoveryThatCannotBeUsed_data();
    void discoveryThatCannotBeUsed();
    void codeThatIsPlayedAgain();
    void tokenEndpointThatSendsElsewhere();
    void device();
    void deviceThatTakesTooLong();
    void renewsWithRotation();
    void renewsWithoutRotation();
    void keeperRenewsInTime();
    void keeperWhoseKeychainIsLockedMeanwhile();
    void keeperSaysSignIn();
    void tokensGoThereAndBack();
    void formsGoThereAndBack();
    void redirectOfTheBrowser();
    void wholeSignInByBrowser();
    void wholeSignInByDevice();
    void signInThatIsGivenUp_data();
    void signInThatIsGivenUp();

private:
    submit::OAuth2Flow flow() { return {FakeProvider::client(), m_provider.web(), m_clock}; }
    std::string errorOf(const std::string &query) {
        const auto done = flow().finish(*m_endpoints, m_request, query, soon(), {});
        return done ? "-" : done.error().code;
    }

    FakeProvider m_provider;
    std::shared_ptr<test::FakeClock> m_clock;
    std::optional<submit::OAuthEndpoints> m_endpoints;
    submit::OAuthRequest m_request;
};

void tst_OAuth2Flow::init() {
    m_provider = {};
    m_clock = std::make_shared<test::FakeClock>(base::fromIso8601("2026-11-29T12:00:00Z"));
    m_endpoints = *flow().discover(soon(), {});
    m_request = flow().begin(*m_endpoints, "http://127.0.0.1:1234/", "sam@justice.example");
}

void tst_OAuth2Flow::signsIn() {
    const auto query = m_provider.redirectFor(m_request);
    const auto tokens = flow().finish(*m_endpoints, m_request, query, soon(), {});
    QVERIFY2(tokens.has_value(), tokens ? "" : tokens.error().code.c_str());
    QCOMPARE(tokens->access.view(), "a1");
    QCOMPARE(tokens->refresh.view(), "r1");
    QVERIFY(tokens->expires == m_clock->now() + 3600s);
    QCOMPARE(m_provider.asked.back().at("redirect_uri"), "http://127.0.0.1:1234/");
    QVERIFY(!m_provider.asked.back().contains("client_secret"));
}

void tst_OAuth2Flow::asksWithPkce() {
    QVERIFY(m_request.url.starts_with("https://id.example/auth?"));
    const auto sent = submit::parseForm(m_request.url.substr(m_request.url.find('?') + 1));
    QCOMPARE(sent.at("code_challenge_method"), "S256");
    QCOMPARE(sent.at("scope"), "openid smtp");
    QCOMPARE(sent.at("login_hint"), "sam@justice.example");
    QVERIFY(m_request.verifier.size() >= 43); // RFC 7636 §4.1
    QVERIFY(m_request.url.find(m_request.verifier.view()) == std::string::npos);
    const auto other = flow().begin(*m_endpoints, "http://127.0.0.1:1/", "");
    QVERIFY(other.state != m_request.state && other.nonce != m_request.nonce);
    QVERIFY(other.verifier.view() != m_request.verifier.view());
}

void tst_OAuth2Flow::answersThatAreNotOurs_data() {
    QTest::addColumn<QByteArray>("query"); //!< {state} is the true one
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const char *query, const char *code) {
        QTest::newRow(name) << QByteArray(query) << QByteArray(code);
    };
    row("rfc6749-10.12-other-state", "code=c0de&state=x&iss=https://id.example", "oauth.state");
    row("no state", "code=c0de&iss=https://id.example", "oauth.state");
    row("rfc9207-2.4-other-issuer", "code=c0de&state={state}&iss=https://evil.example",
        "oauth.issuer");
    row("rfc9207-2.4-issuer-missing", "code=c0de&state={state}", "oauth.issuer");
    row("denied", "error=access_denied&state={state}&iss=https://id.example", "oauth.denied");
    row("denied by somebody else", "error=access_denied&state=x", "oauth.state");
    row("no code", "state={state}&iss=https://id.example", "oauth.response");
    row("another code", "code=other&state={state}&iss=https://id.example", "oauth.sign-in");
    row("nothing", "", "oauth.state");
}

void tst_OAuth2Flow::answersThatAreNotOurs() {
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, code);
    (void)m_provider.redirectFor(m_request);
    QCOMPARE(
        errorOf(query.replace("{state}", QByteArray::fromStdString(m_request.state)).toStdString()),
        code.toStdString());
}

void tst_OAuth2Flow::idTokensThatAreNotOurs_data() {
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const char *claims, const char *code) {
        QTest::newRow(name) << QByteArray(claims) << QByteArray(code);
    };
    row("oidc-3.1.3.7-issuer", R"({"iss":"https://evil.example","aud":"sealpost","exp":4e9})",
        "oauth.issuer");
    row("oidc-3.1.3.7-audience", R"({"iss":"https://id.example","aud":"another","exp":4e9})",
        "oauth.audience");
    row("oidc-3.1.3.7-one-of-several-without-azp",
        R"({"iss":"https://id.example","aud":["sealpost","another"],"exp":4e9})", "oauth.audience");
    row("oidc-3.1.3.7-azp-of-another",
        R"({"iss":"https://id.example","aud":["sealpost","another"],"azp":"another","exp":4e9})",
        "oauth.audience");
    row("one of several",
        R"({"iss":"https://id.example","aud":["sealpost","another"],)"
        R"("azp":"sealpost","exp":4e9})",
        "-");
    row("clock skew of years", R"({"iss":"https://id.example","aud":"sealpost","exp":1000000000})",
        "oauth.clock");
    row("clock skew of six minutes",
        R"({"iss":"https://id.example","aud":"sealpost","exp":1795953240})", "oauth.clock");
    row("without an end", R"({"iss":"https://id.example","aud":"sealpost"})", "oauth.clock");
    row("clock skew of four minutes",
        R"({"iss":"https://id.example","aud":"sealpost","exp":1795953360})", "-");
    row("empty", R"({})", "oauth.issuer");
}

void tst_OAuth2Flow::idTokensThatAreNotOurs() {
    QFETCH(QByteArray, claims);
    QFETCH(QByteArray, code);
    const auto query = m_provider.redirectFor(m_request);
    m_provider.claims = QJsonDocument::fromJson(claims).object();
    QCOMPARE(errorOf(query), code.toStdString());
}

void tst_OAuth2Flow::discoveryThatCannotBeUsed_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::newRow("oidc-discovery-4.3-another-issuer")
        << QStringLiteral("issuer") << QStringLiteral("https://evil.example");
    QTest::newRow("token endpoint in plain text")
        << QStringLiteral("token_endpoint") << QStringLiteral("http://id.example/token");
    QTest::newRow("no authorization endpoint")
        << QStringLiteral("authorization_endpoint") << QString();
    QTest::newRow("device endpoint is a file")
        << QStringLiteral("device_authorization_endpoint") << QStringLiteral("file:///etc/passwd");
}

void tst_OAuth2Flow::discoveryThatCannotBeUsed() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    m_provider.discovery.insert(key, value);
    const auto found = flow().discover(soon(), {});
    QVERIFY(!found);
    QCOMPARE(found.error().code, "oauth.discovery");
}

void tst_OAuth2Flow::codeThatIsPlayedAgain() {
    const auto query = m_provider.redirectFor(m_request);
    m_provider.error = "invalid_grant";
    QCOMPARE(errorOf(query), "oauth.sign-in");
    m_provider.error = "<script>";
    const auto done = flow().finish(*m_endpoints, m_request, query, soon(), {});
    QCOMPARE(done.error().code, "oauth.response");
    QCOMPARE(done.error().logSafeDetail, "");
}

void tst_OAuth2Flow::tokenEndpointThatSendsElsewhere() {
    const auto query = m_provider.redirectFor(m_request);
    m_provider.redirects = true;
    QCOMPARE(errorOf(query), "oauth.response");
    QCOMPARE(m_provider.urls, std::vector<std::string>{"https://id.example/token"});
}

void tst_OAuth2Flow::device() {
    auto request = flow().beginDevice(*m_endpoints, soon(), {});
    QVERIFY(request.has_value());
    QCOMPARE(request->userCode, "WDJB-MJHT");
    QCOMPARE(request->interval.count(), 1);
    m_provider.pendingPolls = 2;
    QVERIFY(!flow().poll(*m_endpoints, *request, soon(), {})->has_value());
    QCOMPARE(request->interval.count(), 1);
    QVERIFY(!flow().poll(*m_endpoints, *request, soon(), {})->has_value());
    QCOMPARE(request->interval.count(), 6); // rfc8628-3.5-slow-down
    const auto done = flow().poll(*m_endpoints, *request, soon(), {});
    QVERIFY(done && *done);
    QCOMPARE((*done)->access.view(), "a1");
    m_endpoints->device.clear();
    QCOMPARE(flow().beginDevice(*m_endpoints, soon(), {}).error().code, "oauth.no-device");
}

void tst_OAuth2Flow::deviceThatTakesTooLong() {
    auto request = flow().beginDevice(*m_endpoints, soon(), {});
    m_clock->advance(601s);
    QCOMPARE(flow().poll(*m_endpoints, *request, soon(), {}).error().code, "oauth.code-expired");
    m_clock->advance(-601s);
    m_provider.error = "expired_token";
    QCOMPARE(flow().poll(*m_endpoints, *request, soon(), {}).error().code, "oauth.code-expired");
}

void tst_OAuth2Flow::renewsWithRotation() {
    const auto query = m_provider.redirectFor(m_request);
    auto tokens = *flow().finish(*m_endpoints, m_request, query, soon(), {});
    auto fresh = flow().refresh(*m_endpoints, tokens, soon(), {});
    QVERIFY(fresh.has_value());
    QCOMPARE(fresh->access.view(), "a2");
    QVERIFY(fresh->refresh.view() != "r1");
    // The one of before is worth nothing any more.
    QCOMPARE(flow().refresh(*m_endpoints, tokens, soon(), {}).error().code, "oauth.sign-in");
    QVERIFY(flow().refresh(*m_endpoints, *fresh, soon(), {}).has_value());
}

void tst_OAuth2Flow::renewsWithoutRotation() {
    m_provider.rotates = false;
    submit::OAuthTokens tokens;
    tokens.refresh = SecretBytes("r1"s);
    QCOMPARE(flow().refresh(*m_endpoints, tokens, soon(), {})->refresh.view(), "r1");
    tokens.refresh = {};
    QCOMPARE(flow().refresh(*m_endpoints, tokens, soon(), {}).error().code, "oauth.sign-in");
}

void tst_OAuth2Flow::keeperRenewsInTime() {
    const auto keychain = std::make_shared<test::MemoryKeychain>();
    submit::TokenKeeper keeper(keychain, m_provider.web(), m_clock);
    using Wanted = submit::TokenSource::Wanted;
    const auto query = m_provider.redirectFor(m_request);
    QVERIFY(keeper.keep(account(), *flow().finish(*m_endpoints, m_request, query, soon(), {})));
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "a1");
    m_clock->advance(3600s - 61s);
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "a1");
    m_clock->advance(2s);
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "a2");
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "a2");
    QCOMPARE(keeper.accessToken(account(), Wanted::Renewed, soon(), {})->view(), "a3");
    // Each renewal used the token that the one before had left in the keychain.
    const auto kept = submit::OAuthTokens::fromSecret(**keychain->read(account().keychainKey()));
    QCOMPARE(kept->refresh.view(), m_provider.refreshToken);
}

//! The provider has rotated, and then nothing can be written: the old token is worth nothing any
//! more, so the new one must not get lost.
void tst_OAuth2Flow::keeperWhoseKeychainIsLockedMeanwhile() {
    const auto keychain = std::make_shared<test::MemoryKeychain>();
    auto web = m_provider.web();
    web.post = [keychain, post = web.post](const std::string &url, const SecretBytes &form,
                                           Deadline deadline, std::stop_token stop) {
        keychain->set(test::KeychainMood::Locked);
        return post(url, form, deadline, std::move(stop));
    };
    submit::TokenKeeper keeper(keychain, web, m_clock);
    using Wanted = submit::TokenSource::Wanted;
    const auto query = m_provider.redirectFor(m_request);
    QVERIFY(keeper.keep(account(), *flow().finish(*m_endpoints, m_request, query, soon(), {})));
    const auto kept = [&] {
        return std::string(
            submit::OAuthTokens::fromSecret(**keychain->read(account().keychainKey()))
                ->refresh.view());
    };
    QCOMPARE(keeper.accessToken(account(), Wanted::Renewed, soon(), {})->view(), "a2");
    // Locked still: what is known goes on being used, and renewed.
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "a2");
    QCOMPARE(keeper.accessToken(account(), Wanted::Renewed, soon(), {})->view(), "a3");
    keychain->set(test::KeychainMood::Works);
    QVERIFY(kept() != m_provider.refreshToken);
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "a3");
    QCOMPARE(kept(), m_provider.refreshToken);
    // A new sign-in counts for more than what could not be written.
    QCOMPARE(keeper.accessToken(account(), Wanted::Renewed, soon(), {})->view(), "a4");
    keychain->set(test::KeychainMood::Works);
    submit::OAuthTokens anew;
    anew.access = SecretBytes("anew"s);
    anew.refresh = SecretBytes("another"s);
    anew.expires = m_clock->now() + 1h;
    QVERIFY(keeper.keep(account(), anew));
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {})->view(), "anew");
}

void tst_OAuth2Flow::keeperSaysSignIn() {
    const auto keychain = std::make_shared<test::MemoryKeychain>();
    submit::TokenKeeper keeper(keychain, m_provider.web(), m_clock);
    using Wanted = submit::TokenSource::Wanted;
    const auto none = keeper.accessToken(account(), Wanted::Usable, soon(), {});
    QCOMPARE(none.error().code, "oauth.no-tokens");
    QCOMPARE(none.error().subject, "work");
    submit::OAuthTokens revoked;
    revoked.access = SecretBytes("old"s);
    revoked.refresh = SecretBytes("revoked"s);
    revoked.expires = m_clock->now();
    QVERIFY(keeper.keep(account(), revoked));
    QCOMPARE(keeper.accessToken(account(), Wanted::Usable, soon(), {}).error().code,
             "oauth.sign-in");
}

void tst_OAuth2Flow::tokensGoThereAndBack() {
    submit::OAuthTokens tokens;
    tokens.access = SecretBytes("a&b=c%+ \x01\xff"s);
    tokens.refresh = SecretBytes("r"s);
    tokens.expires = m_clock->now();
    const auto back = submit::OAuthTokens::fromSecret(tokens.toSecret());
    QCOMPARE(back->access.view(), tokens.access.view());
    QCOMPARE(back->refresh.view(), "r");
    QVERIFY(back->expires == tokens.expires);
    QCOMPARE(submit::OAuthTokens::fromSecret(SecretBytes("password"s)).error().code,
             "oauth.no-tokens");
}

void tst_OAuth2Flow::formsGoThereAndBack() {
    const auto fields = submit::parseForm("a=1&b=%C3%A9+x&c&=d&a=2&e=%4&f=%zz");
    QCOMPARE(fields.at("a"), "1");
    QCOMPARE(fields.at("b"), "\xc3\xa9 x");
    QCOMPARE(fields.at("c"), "");
    QCOMPARE(fields.at("e"), "%4");
    QCOMPARE(fields.at("f"), "%zz");
}

void tst_OAuth2Flow::redirectOfTheBrowser() {
    auto redirect = *net::LoopbackRedirect::listen();
    QVERIFY(redirect.uri().starts_with("http://127.0.0.1:"));
    const Port port{static_cast<std::uint16_t>(std::stoi(redirect.uri().substr(17)))};
    std::string seen;
    std::jthread browser([&] {
        for (const auto *line : {"GET /favicon.ico HTTP/1.1", "POST /?code=x HTTP/1.1", "garbage",
                                 "GET /?code=c0de&state=s HTTP/1.1"}) {
            auto stream = net::connectTcp({"127.0.0.1"}, port, soon(), {});
            if (!stream || !(*stream)->write(line + "\r\nHost: x\r\n\r\n"s, soon(), {})) {
                return;
            }
            std::array<char, 4096> bytes{};
            while (const auto count = (*stream)->read(bytes, soon(), {})) {
                if (*count == 0) {
                    break;
                }
                seen.append(bytes.data(), *count);
            }
        }
    });
    const auto query = redirect.wait("<p>Done.", soon(), {});
    browser.join();
    QCOMPARE(query.value_or("?"), "code=c0de&state=s");
    QVERIFY(seen.find("404 Not Found") != std::string::npos);
    QVERIFY(seen.ends_with("<p>Done."));
}

void tst_OAuth2Flow::wholeSignInByBrowser() {
    std::jthread browser;
    std::string seen;
    const auto show = [&](const submit::SignInPlace &place) {
        QVERIFY(place.code.empty());
        submit::OAuthRequest request;
        request.url = place.url;
        const auto query = m_provider.redirectFor(request);
        const auto uri =
            submit::parseForm(place.url.substr(place.url.find('?') + 1)).at("redirect_uri");
        const Port port{static_cast<std::uint16_t>(std::stoi(uri.substr(17)))};
        browser = std::jthread([&seen, query, port] {
            auto stream = net::connectTcp({"127.0.0.1"}, port, soon(), {});
            if (!stream || !(*stream)->write("GET /?" + query + " HTTP/1.1\r\n\r\n", soon(), {})) {
                return;
            }
            std::array<char, 4096> bytes{};
            while (const auto count = (*stream)->read(bytes, soon(), {})) {
                if (*count == 0) {
                    break;
                }
                seen.append(bytes.data(), *count);
            }
        });
    };
    const submit::SignInAsked asked{submit::SignInWay::Browser,
                                    *mail::Address::parse("sam@justice.example"), "Go back."};
    const auto tokens = submit::signIn(flow(), asked, show, soon(), {});
    browser.join();
    QVERIFY2(tokens.has_value(), tokens ? "" : tokens.error().code.c_str());
    QCOMPARE(tokens->refresh.view(), "r1");
    QVERIFY(seen.ends_with("<p>Go back."));
}

void tst_OAuth2Flow::wholeSignInByDevice() {
    submit::SignInPlace shown;
    const auto show = [&](const submit::SignInPlace &place) { shown = place; };
    const submit::SignInAsked asked{submit::SignInWay::Device, {}, {}};
    const auto tokens = submit::signIn(flow(), asked, show, soon(), {});
    QVERIFY2(tokens.has_value(), tokens ? "" : tokens.error().code.c_str());
    QCOMPARE(shown.url, "https://id.example/activate");
    QCOMPARE(shown.code, "WDJB-MJHT");
}

void tst_OAuth2Flow::signInThatIsGivenUp_data() {
    QTest::addColumn<int>("way");
    QTest::newRow("browser") << static_cast<int>(submit::SignInWay::Browser);
    QTest::newRow("device") << static_cast<int>(submit::SignInWay::Device);
}

void tst_OAuth2Flow::signInThatIsGivenUp() {
    QFETCH(int, way);
    std::stop_source stop;
    const auto show = [&](const submit::SignInPlace &) { stop.request_stop(); };
    const submit::SignInAsked asked{static_cast<submit::SignInWay>(way), {}, {}};
    const auto before = std::chrono::steady_clock::now();
    const auto tokens = submit::signIn(flow(), asked, show, Deadline::after(60s), stop.get_token());
    QVERIFY(!tokens);
    QVERIFY(tokens.error().code.ends_with(".stopped"));
    QVERIFY(std::chrono::steady_clock::now() - before < 30s);
    QVERIFY(m_provider.asked.size() <= 1); // nothing was asked for with what there was not
}

QTEST_GUILESS_MAIN(tst_OAuth2Flow)
#include "tst_OAuth2Flow.moc"
