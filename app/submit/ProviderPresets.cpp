// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/ProviderPresets.h"

#include "base/Text.h"

#include <algorithm>
#include <array>

namespace sealpost::submit {

namespace {

struct Preset {
    mail::ProviderKind kind;
    const char *host;
    mail::SubmissionTls tls;
    const char *issuer; //!< empty: of the organisation's own tenant
    const char *scope;
};

// Microsoft: learn.microsoft.com/exchange, "Authenticate an IMAP, POP or SMTP connection using
// OAuth"; Google: developers.google.com/gmail/imap, "OAuth 2.0 Mechanism".
constexpr std::array kPresets = {
    Preset{mail::ProviderKind::Office365, "smtp.office365.com", mail::SubmissionTls::StartTls, "",
           "openid offline_access https://outlook.office.com/SMTP.Send"},
    Preset{mail::ProviderKind::Google, "smtp.gmail.com", mail::SubmissionTls::Implicit,
           "https://accounts.google.com", "openid https://mail.google.com/"},
};

constexpr std::string_view kMicrosoft = "https://login.microsoftonline.com/";

struct MxDomain {
    std::string_view domain;
    mail::ProviderKind kind;
};

// What the two name as MX: learn.microsoft.com, "External Domain Name System records for Microsoft
// 365"; support.google.com/a/answer/174125.
constexpr std::array kMxDomains = {
    MxDomain{"mail.protection.outlook.com", mail::ProviderKind::Office365},
    MxDomain{"mx.microsoft", mail::ProviderKind::Office365},
    MxDomain{"google.com", mail::ProviderKind::Google},
    MxDomain{"googlemail.com", mail::ProviderKind::Google},
};

} // namespace

void applyPreset(mail::Account &account, mail::ProviderKind kind) {
    account.provider = kind;
    const auto *preset = std::find_if(kPresets.begin(), kPresets.end(),
                                      [&](const Preset &one) { return one.kind == kind; });
    if (preset == kPresets.end()) {
        return;
    }
    account.host = preset->host;
    account.tls = preset->tls;
    account.port = preset->tls == mail::SubmissionTls::StartTls ? base::kSubmissionPort
                                                                : base::kSubmissionsPort;
    account.signIn = mail::SignIn::OAuth;
    account.oauth.issuer = preset->issuer;
    account.oauth.scope = preset->scope;
}

std::optional<mail::ProviderKind> providerOfMx(std::string_view host) {
    for (const auto &[domain, kind] : kMxDomains) {
        if (base::isSameOrSubdomain(host, domain)) {
            return kind;
        }
    }
    return std::nullopt;
}

void fillOAuthClient(mail::Account &account, const policy::AccountPolicy &policy) {
    auto &oauth = account.oauth;
    if (account.signIn != mail::SignIn::OAuth || !oauth.clientId.empty()) {
        return;
    }
    const bool anyTenant =
        oauth.issuer.empty() && account.provider == mail::ProviderKind::Office365;
    const policy::OAuthRegistration *found = nullptr;
    for (const auto &client : policy.oauthClients) {
        const bool fits = anyTenant ? client.issuer.starts_with(kMicrosoft)
                                    : !oauth.issuer.empty() && client.issuer == oauth.issuer;
        if (fits && found != nullptr) {
            return; // which of them, a person has to say
        }
        found = fits ? &client : found;
    }
    if (found != nullptr) {
        oauth.issuer = found->issuer;
        oauth.clientId = found->clientId;
        oauth.clientSecret = found->clientSecret;
    }
}

} // namespace sealpost::submit
