// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/OAuth2Flow.h"

#include "base/Base64.h"
#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "submit/FormFields.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <utility>

namespace sealpost::submit {

namespace {

constexpr std::string_view kStage = "oauth";
constexpr std::size_t kRandomSize = 32;
constexpr std::chrono::minutes kClockSkew{5};
constexpr int kOk = 200;

std::string random() {
    return base::toBase64Url(SecretBytes::random(kRandomSize).view());
}

QJsonObject objectIn(std::string_view body) {
    return QJsonDocument::fromJson(QByteArray(body.data(), static_cast<qsizetype>(body.size())))
        .object();
}

std::string text(const QJsonObject &object, const char *key) {
    return object.value(QLatin1String(key)).toString().toStdString();
}

//! By their digests, so that the time taken says nothing about where they part.
bool same(std::string_view a, std::string_view b) {
    return crypto::sha256(a) == crypto::sha256(b);
}

bool isHttps(const std::string &url) {
    return url.starts_with("https://") && !base::hasControlCharacters(url);
}

tl::unexpected<Error> refused(std::string_view code) {
    return fail(code, kStage, Reaction::AskAdmin);
}

//! A provider's own error code (RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5).
Error errorFor(std::string_view code) {
    constexpr std::size_t kLongest = 64;
    const auto make = [&](std::string_view ours, Reaction reaction) {
        const bool plain =
            code.size() <= kLongest &&
            code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
        return Error{std::string(ours),
                     std::string(kStage),
                     reaction,
                     plain ? std::string(code) : std::string(),
                     {}};
    };
    if (code == "access_denied") {
        return make("oauth.denied", Reaction::FixInput);
    }
    if (code == "invalid_grant" || code == "interaction_required" || code == "login_required") {
        return make("oauth.sign-in", Reaction::FixInput);
    }
    if (code == "expired_token") {
        return make("oauth.code-expired", Reaction::FixInput);
    }
    if (code == "temporarily_unavailable" || code == "server_error") {
        return make("oauth.response", Reaction::Retry);
    }
    return make("oauth.response", Reaction::AskAdmin);
}

//= OpenID Connect Core §3.1.3.7: the token came straight from the token endpoint over verified TLS,
// which stands in for its signature; who made it, for whom, when and for what is looked at.
Result<void> checkIdToken(const std::string &token, const OAuthClient &client,
                          const std::string &issuer, const std::string &nonce, Time now) {
    const auto parts = base::split(token, '.');
    const auto payload = parts.size() == 3 ? base::fromBase64Url(parts[1]) : std::nullopt;
    const auto claims = payload ? objectIn(*payload) : QJsonObject();
    if (claims.isEmpty()) {
        return refused("oauth.response");
    }
    if (text(claims, "iss") != issuer) {
        return refused("oauth.issuer");
    }
    const auto audience = claims.value(QLatin1String("aud"));
    const auto ours = QString::fromStdString(client.clientId);
    const auto several = audience.toArray();
    const bool alone = several.size() <= 1;
    if (audience != QJsonValue(ours) && !several.contains(QJsonValue(ours))) {
        return refused("oauth.audience");
    }
    if (const auto party = text(claims, "azp");
        (!alone && party.empty()) || (!party.empty() && party != client.clientId)) {
        return refused("oauth.audience");
    }
    if (!same(text(claims, "nonce"), nonce)) {
        return refused("oauth.nonce");
    }
    const auto expires = Time(std::chrono::seconds(
        static_cast<long long>(claims.value(QLatin1String("exp")).toDouble())));
    // It was made a moment ago: whoever takes it for old has a wrong clock, or it is not new.
    if (expires + kClockSkew < now) {
        return fail("oauth.clock", kStage, Reaction::FixInput);
    }
    return {};
}

} // namespace

OAuthWeb OAuthWeb::real(const std::optional<std::string> &caFile) {
    constexpr ByteCount kLimit = 256 * base::kKiB;
    const auto request = [caFile](const std::string &url) {
        net::HttpRequest made;
        made.url = url;
        made.limit = kLimit;
        made.caFile = caFile;
        return made;
    };
    return {[request](const std::string &url, Deadline deadline, std::stop_token stop) {
                return net::httpGet(request(url), deadline, std::move(stop));
            },
            [request](const std::string &url, const SecretBytes &form, Deadline deadline,
                      std::stop_token stop) {
                return net::httpPostForm(request(url), form, deadline, std::move(stop));
            }};
}

Result<OAuthEndpoints> OAuth2Flow::discover(Deadline deadline, std::stop_token stop) const {
    if (!isHttps(m_client.issuer)) {
        return refused("oauth.discovery");
    }
    const bool slash = m_client.issuer.ends_with('/');
    const auto body =
        m_web.get(m_client.issuer + (slash ? "" : "/") + ".well-known/openid-configuration",
                  deadline, std::move(stop));
    if (!body) {
        return fail(body.error());
    }
    const auto object = objectIn(*body);
    OAuthEndpoints endpoints{
        text(object, "issuer"), text(object, "authorization_endpoint"),
        text(object, "token_endpoint"), text(object, "device_authorization_endpoint"),
        object.value(QLatin1String("authorization_response_iss_parameter_supported")).toBool()};
    //= OpenID Connect Discovery §4.3: it must name the issuer that was asked.
    if (endpoints.issuer != m_client.issuer || !isHttps(endpoints.authorization) ||
        !isHttps(endpoints.token) || (!endpoints.device.empty() && !isHttps(endpoints.device))) {
        return refused("oauth.discovery");
    }
    return endpoints;
}

OAuthRequest OAuth2Flow::begin(const OAuthEndpoints &endpoints, const std::string &redirectUri,
                               const std::string &loginHint) const {
    OAuthRequest request;
    request.redirectUri = redirectUri;
    request.state = random();
    request.nonce = random();
    request.verifier = SecretBytes(random());
    FormFields fields;
    fields.add("response_type", "code");
    fields.add("client_id", m_client.clientId);
    fields.add("redirect_uri", redirectUri);
    fields.add("scope", m_client.scope);
    fields.add("state", request.state);
    fields.add("nonce", request.nonce);
    //= RFC 7636 §4.2: S256, never "plain".
    fields.add("code_challenge", base::toBase64Url(crypto::sha256(request.verifier.view())));
    fields.add("code_challenge_method", "S256");
    if (!loginHint.empty()) {
        fields.add("login_hint", loginHint);
    }
    const bool hasQuery = endpoints.authorization.find('?') != std::string::npos;
    request.url =
        endpoints.authorization + (hasQuery ? "&" : "?") + std::string(fields.take().view());
    return request;
}

//! The body of a good answer.
Result<std::string> OAuth2Flow::ask(const std::string &url, FormFields &form, Deadline deadline,
                                    std::stop_token stop) const {
    auto response = m_web.post(url, form.take(), deadline, std::move(stop));
    if (!response) {
        return fail(response.error());
    }
    if (response->status != kOk) {
        return fail(errorFor(text(objectIn(response->body), "error")));
    }
    return std::move(response->body);
}

Result<OAuthTokens> OAuth2Flow::finish(const OAuthEndpoints &endpoints, const OAuthRequest &request,
                                       const std::string &query, Deadline deadline,
                                       std::stop_token stop) const {
    const auto answer = parseForm(query);
    const auto field = [&answer](const char *name) {
        const auto found = answer.find(name);
        return found == answer.end() ? std::string() : found->second;
    };
    //= RFC 6749 §10.12: an answer to a question that we did not ask.
    if (!same(field("state"), request.state)) {
        return refused("oauth.state");
    }
    //= RFC 9207 §2.4: an answer of another provider than the one that was asked.
    if (answer.contains("iss") ? field("iss") != endpoints.issuer : endpoints.issuerInResponse) {
        return refused("oauth.issuer");
    }
    if (answer.contains("error")) {
        return fail(errorFor(field("error")));
    }
    if (field("code").empty()) {
        return refused("oauth.response");
    }
    FormFields form;
    form.add("grant_type", "authorization_code");
    form.add("code", field("code"));
    form.add("redirect_uri", request.redirectUri);
    form.add("code_verifier", request.verifier.view());
    form.addClient(m_client);
    const auto body = ask(endpoints.token, form, deadline, std::move(stop));
    return body ? tokensFrom(*body, endpoints, request.nonce) : fail(body.error());
}

Result<OAuthDeviceRequest> OAuth2Flow::beginDevice(const OAuthEndpoints &endpoints,
                                                   Deadline deadline, std::stop_token stop) const {
    if (endpoints.device.empty()) {
        return refused("oauth.no-device");
    }
    FormFields form;
    form.add("scope", m_client.scope);
    form.addClient(m_client);
    const auto body = ask(endpoints.device, form, deadline, std::move(stop));
    if (!body) {
        return fail(body.error());
    }
    const auto object = objectIn(*body);
    OAuthDeviceRequest request;
    request.verificationUri = text(object, "verification_uri");
    request.userCode = text(object, "user_code");
    request.deviceCode = SecretBytes(text(object, "device_code"));
    request.interval =
        std::chrono::seconds(std::max(object.value(QLatin1String("interval")).toInt(5), 1));
    request.expires =
        m_clock->now() + std::chrono::seconds(object.value(QLatin1String("expires_in")).toInt());
    if (!isHttps(request.verificationUri) || request.userCode.empty() ||
        base::hasControlCharacters(request.userCode) || request.deviceCode.empty()) {
        return refused("oauth.response");
    }
    return request;
}

Result<std::optional<OAuthTokens>> OAuth2Flow::poll(const OAuthEndpoints &endpoints,
                                                    OAuthDeviceRequest &request, Deadline deadline,
                                                    std::stop_token stop) const {
    if (m_clock->now() >= request.expires) {
        return fail(errorFor("expired_token"));
    }
    FormFields form;
    form.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    form.add("device_code", request.deviceCode.view());
    form.addClient(m_client);
    const auto response = m_web.post(endpoints.token, form.take(), deadline, std::move(stop));
    if (!response) {
        return fail(response.error());
    }
    if (response->status == kOk) {
        auto tokens = tokensFrom(response->body, endpoints, std::nullopt);
        return tokens ? Result<std::optional<OAuthTokens>>(std::move(*tokens))
                      : fail(tokens.error());
    }
    const auto code = text(objectIn(response->body), "error");
    //= RFC 8628 §3.5: five seconds more each time that it says so.
    if (code == "slow_down") {
        request.interval += std::chrono::seconds(5);
    } else if (code != "authorization_pending") {
        return fail(errorFor(code));
    }
    return std::optional<OAuthTokens>();
}

Result<OAuthTokens> OAuth2Flow::refresh(const OAuthEndpoints &endpoints, const OAuthTokens &tokens,
                                        Deadline deadline, std::stop_token stop) const {
    if (tokens.refresh.empty()) {
        return fail("oauth.sign-in", kStage, Reaction::FixInput, "no refresh token");
    }
    FormFields form;
    form.add("grant_type", "refresh_token");
    form.add("refresh_token", tokens.refresh.view());
    form.addClient(m_client);
    const auto body = ask(endpoints.token, form, deadline, std::move(stop));
    if (!body) {
        return fail(body.error());
    }
    auto fresh = tokensFrom(*body, endpoints, std::nullopt);
    //= RFC 6749 §6: where none comes back, the one of before goes on.
    if (fresh && fresh->refresh.empty()) {
        fresh->refresh = tokens.refresh.clone();
    }
    return fresh;
}

//! `nonce`: an ID token must come, and must have it.
Result<OAuthTokens> OAuth2Flow::tokensFrom(const std::string &body, const OAuthEndpoints &endpoints,
                                           const std::optional<std::string> &nonce) const {
    const auto object = objectIn(body);
    OAuthTokens tokens;
    tokens.access = SecretBytes(text(object, "access_token"));
    tokens.refresh = SecretBytes(text(object, "refresh_token"));
    constexpr int kUnsaidLife = 300;
    const auto life = object.value(QLatin1String("expires_in")).toInt(kUnsaidLife);
    tokens.expires = m_clock->now() + std::chrono::seconds(std::max(life, 0));
    const bool bearer = base::equalsIgnoringCase(text(object, "token_type"), "bearer");
    if (tokens.access.empty() || !bearer || base::hasControlCharacters(tokens.access.view())) {
        return refused("oauth.response");
    }
    if (nonce) {
        auto good = checkIdToken(text(object, "id_token"), m_client, endpoints.issuer, *nonce,
                                 m_clock->now());
        if (!good) {
            return fail(good.error());
        }
    }
    return tokens;
}

} // namespace sealpost::submit
