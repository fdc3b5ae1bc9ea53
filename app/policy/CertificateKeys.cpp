// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

// In their order from strict to lax.
constexpr std::array kRevocationWords = {RevocationUnknown::Block, RevocationUnknown::Justify,
                                         RevocationUnknown::Allow};
constexpr std::array kNonceWords = {OcspNonce::Required, OcspNonce::Sent, OcspNonce::No};

std::string_view revocationWord(RevocationUnknown choice) {
    switch (choice) {
    case RevocationUnknown::Block:
        return "block";
    case RevocationUnknown::Justify:
        return "justify";
    case RevocationUnknown::Allow:
        return "allow";
    }
    return "block";
}

std::string_view nonceWord(OcspNonce choice) {
    switch (choice) {
    case OcspNonce::Required:
        return "required";
    case OcspNonce::Sent:
        return "sent";
    case OcspNonce::No:
        return "no";
    }
    return "required";
}

bool isPlain(const std::string &text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

bool isDirectoryUrl(const std::string &text) {
    return isPlain(text) && (text.starts_with("ldap://") || text.starts_with("ldaps://"));
}

//! An https address, or an absolute path of this system or of Windows.
bool isBundlePlace(const std::string &text) {
    const bool drive = text.size() > 2 && text[1] == ':' && (text[2] == '\\' || text[2] == '/');
    return text.starts_with('/') || drive || (text.starts_with("https://") && isPlain(text));
}

//! A list of texts, each of which is `good`.
template <class Get, class Good>
KeySpec placeList(std::string key, ValueKind kind, Get get, Good good, const std::string &allowed) {
    auto spec = textList(std::move(key), get, stricter::neither<std::vector<std::string>>());
    spec.shape.kind = kind;
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        auto read = readTexts(value, reading);
        if (read && !std::all_of(read->begin(), read->end(), good)) {
            reading.problem(value.position, "policy.bad-value", allowed);
        } else if (read) {
            get(policy) = std::move(*read);
        }
    };
    return spec;
}

} // namespace

void addCertificateKeys(std::vector<KeySpec> &keys) {
    keys.push_back(oneWord(
        "certificates.revocation-unknown", kRevocationWords, revocationWord,
        [](auto &policy) -> auto & { return policy.revocationUnknown; },
        stricter::less<RevocationUnknown>()));
    keys.push_back(duration(
        "certificates.expiry-warning-days", {0, 3650},
        [](auto &policy) -> auto & { return policy.expiryWarning; },
        stricter::greater<std::chrono::days>()));
    keys.push_back(duration(
        "certificates.renewal-reminder-days", {0, 3650},
        [](auto &policy) -> auto & { return policy.certificates.renewalReminder; },
        stricter::greater<std::chrono::days>()));
    keys.push_back(oneWord(
        "certificates.ocsp-nonce", kNonceWords, nonceWord,
        [](auto &policy) -> auto & { return policy.certificates.ocspNonce; },
        stricter::less<OcspNonce>()));
    keys.push_back(placeList(
        "certificates.directories", ValueKind::Directories,
        [](auto &policy) -> auto & { return policy.certificates.directories; }, isDirectoryUrl,
        "a list of addresses that begin with ldap:// or ldaps://"));
    keys.push_back(placeList(
        "certificates.bundles", ValueKind::Places,
        [](auto &policy) -> auto & { return policy.certificates.bundles; }, isBundlePlace,
        "a list of absolute paths and of addresses that begin with https://"));
}

} // namespace sealpost::policy
