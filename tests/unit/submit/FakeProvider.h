// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Base64.h"
#include "crypto/SealedBox.h"
#include "submit/FormFields.h"
#include "submit/OAuth2Flow.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <string>
#include <vector>

namespace sealpost::test {

//! An OpenID provider in memory, that does what the test wants it to get wrong.
class FakeProvider {
public:
    static constexpr const char *kIssuer = "https://id.example";
    static constexpr const char *kClient = "sealpost";

    submit::OAuthWeb web() {
        return {[this](const std::string &url, Deadline, std::stop_token) -> Result<std::string> {
                    if (url != discoveryUrl) {
                        return fail("http.status", "http.get", Reaction::Retry, "404");
                    }
                    return json(discovery);
                },
                [this](const std::string &url, const SecretBytes &form, Deadline,
                       std::stop_token) -> Result<net::HttpResponse> {
                    asked.push_back(submit::parseForm(form.view()));
                    urls.push_back(url);
                    return url == "https://id.example/device" ? device() : token(asked.back());
                }};
    }

    static mail::OAuthSettings client() { return {kIssuer, kClient, {}, "openid smtp"}; }

    //! What the browser brings back after the person has said yes.
    std::string redirectFor(const submit::OAuthRequest &request) {
        const auto sent = submit::parseForm(request.url.substr(request.url.find('?') + 1));
        challenge = sent.at("code_challenge");
        nonce = sent.at("nonce");
        return "code=c0de&state=" + sent.at("state") + "&iss=https%3A%2F%2Fid.example";
    }

    std::string discoveryUrl = "https://id.example/.well-known/openid-configuration";
    QJsonObject discovery{
        {QStringLiteral("issuer"), QString::fromLatin1(kIssuer)},
        {QStringLiteral("authorization_endpoint"), QStringLiteral("https://id.example/auth")},
        {QStringLiteral("token_endpoint"), QStringLiteral("https://id.example/token")},
        {QStringLiteral("device_authorization_endpoint"),
         QStringLiteral("https://id.example/device")},
        {QStringLiteral("authorization_response_iss_parameter_supported"), true}};
    QJsonObject claims{{QStringLiteral("iss"), QString::fromLatin1(kIssuer)},
                       {QStringLiteral("aud"), QString::fromLatin1(kClient)},
                       {QStringLiteral("exp"), 4102444800.0}};
    std::string challenge;
    std::string nonce;
    std::string error;               //!< of the token endpoint; empty: it says yes
    std::string refreshToken = "r1"; //!< the one that is good; rotated where `rotates`
    bool rotates = true;
    bool redirects = false; //!< the token endpoint sends to another place
    int pendingPolls = 0;
    int issued = 0;
    std::vector<std::map<std::string, std::string>> asked;
    std::vector<std::string> urls;

private:
    static std::string json(const QJsonObject &object) {
        return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
    }

    static net::HttpResponse no(const std::string &why) {
        return {400, json({{QStringLiteral("error"), QString::fromStdString(why)}})};
    }

    net::HttpResponse device() const {
        return {200, json({{QStringLiteral("device_code"), QStringLiteral("d1")},
                           {QStringLiteral("user_code"), QStringLiteral("WDJB-MJHT")},
                           {QStringLiteral("verification_uri"),
                            QStringLiteral("https://id.example/activate")},
                           {QStringLiteral("interval"), 1},
                           {QStringLiteral("expires_in"), 600}})};
    }

    net::HttpResponse token(std::map<std::string, std::string> form) {
        if (redirects) {
            return {307, {}};
        }
        if (!error.empty()) {
            return no(error);
        }
        const auto grant = form["grant_type"];
        if (grant == "authorization_code" &&
            (form["code"] != "c0de" ||
             base::toBase64Url(crypto::sha256(form["code_verifier"])) != challenge)) {
            return no("invalid_grant");
        }
        if (grant == "refresh_token" && form["refresh_token"] != refreshToken) {
            return no("invalid_grant");
        }
        if (grant.ends_with("device_code") && pendingPolls-- > 0) {
            return no(pendingPolls == 0 ? "slow_down" : "authorization_pending");
        }
        if (grant == "refresh_token" && rotates) {
            refreshToken = "r" + std::to_string(issued + 2);
        }
        auto own = claims;
        own.insert(QStringLiteral("nonce"), QString::fromStdString(nonce));
        QJsonObject answer{
            {QStringLiteral("access_token"),
             QString::fromStdString("a" + std::to_string(++issued))},
            {QStringLiteral("token_type"), QStringLiteral("Bearer")},
            {QStringLiteral("expires_in"), 3600},
            {QStringLiteral("id_token"),
             QString::fromStdString("e30." + base::toBase64Url(json(own)) + ".c2ln")}};
        if (grant != "refresh_token" || rotates) {
            answer.insert(QStringLiteral("refresh_token"), QString::fromStdString(refreshToken));
        }
        return {200, json(answer)};
    }
};

} // namespace sealpost::test
