// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace sealpost::wording {

//! What a rule of resources/rules finds, as a person calls it; without an article.
inline constexpr auto kFindingNames = std::to_array<std::pair<std::string_view, const char *>>({
    {"aws-access-key", "AWS access key"},
    {"aws-secret-key", "AWS secret key"},
    {"github-token", "GitHub token"},
    {"gitlab-token", "GitLab token"},
    {"slack-token", "Slack token"},
    {"slack-webhook", "Slack webhook address"},
    {"google-api-key", "Google API key"},
    {"google-oauth-secret", "Google OAuth secret"},
    {"gcp-service-account", "Google service account key"},
    {"stripe-key", "Stripe key"},
    {"azure-storage-key", "Azure storage key"},
    {"azure-sas-token", "Azure access signature"},
    {"sendgrid-key", "SendGrid key"},
    {"npm-token", "npm token"},
    {"jwt", "JSON web token"},
    {"bearer-token", "bearer token"},
    {"basic-auth-header", "sign-in header with a password"},
    {"url-with-password", "web address with a password"},
    {"connection-string-password", "connection string with a password"},
    {"netrc-password", "password from a .netrc file"},
    {"pgpass-line", "password from a .pgpass file"},
    {"password-hash", "password hash"},
    {"pem-private-key", "private key (PEM)"},
    {"encrypted-private-key", "private key (encrypted)"},
    {"openssh-private-key", "SSH private key"},
    {"putty-private-key", "PuTTY private key"},
    {"pgp-private-key", "PGP private key"},
    {"age-secret-key", "age secret key"},
    {"wireguard-private-key", "WireGuard private key"},
    {"pkcs12-file", "key file (PKCS#12)"},
    {"java-keystore", "Java key store"},
    {"otpauth-uri", "one-time password seed"},
    {"otpauth-migration-uri", "export of one-time password seeds"},
    {"totp-seed", "one-time password seed"},
    {"marking-top-secret", "TOP SECRET marking"},
    {"marking-secret", "SECRET marking"},
    {"marking-official-sensitive", "OFFICIAL-SENSITIVE marking"},
    {"password-assignment", "password"},
    {"prose-password", "password"},
    {"prose-password-word", "password"},
    {"password-next-line", "password"},
    {"prose-pin", "PIN"},
    {"national-insurance-number", "National Insurance number"},
    {"nhs-number", "NHS number"},
    {"nhs-number-unlabelled", "NHS number"},
    {"payment-card", "payment card number"},
    {"uk-bank-account", "bank account number"},
    {"uk-bank-account-pair", "bank account number"},
    {"iban", "bank account number (IBAN)"},
    {"date-of-birth", "date of birth"},
});

} // namespace sealpost::wording
