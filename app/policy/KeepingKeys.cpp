// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

namespace sealpost::policy {

namespace {

const std::vector<FieldShape> &clientFields() {
    static const std::vector<FieldShape> kFields = {{"issuer", ValueKind::Url, {}},
                                                    {"client-id", ValueKind::Text, {}},
                                                    {"client-secret", ValueKind::OptionalText, {}}};
    return kFields;
}

std::optional<OAuthRegistration> readClient(const TomlValue &value, const Reading &reading) {
    static const std::vector<std::string> kNames = {"issuer", "client-id", "client-secret"};
    const auto fields = readFields(value, kNames, reading);
    if (!fields) {
        return std::nullopt;
    }
    const auto at = [&](std::size_t field) {
        return Reading{reading.key + "." + kNames[field], reading.problems};
    };
    const auto &secretValue = *(*fields)[2];
    const auto issuer = readUrl(*(*fields)[0], at(0));
    const auto id = readText(*(*fields)[1], at(1));
    const bool none = secretValue.kind == TomlValue::Kind::String && secretValue.text.empty();
    const auto secret = none ? std::optional(std::string()) : readText(secretValue, at(2));
    if (!issuer || !id || !secret) {
        return std::nullopt;
    }
    return OAuthRegistration{*issuer, *id, *secret};
}

std::string clientText(const OAuthRegistration &client) {
    return "{ issuer = " + tomlText(client.issuer) + ", client-id = " + tomlText(client.clientId) +
           ", client-secret = " + tomlText(client.clientSecret) + " }";
}

} // namespace

void addAccountKeys(std::vector<KeySpec> &keys) {
    // To ask shows the network a domain that a person is of, which it knows: neither is stricter.
    keys.push_back(boolean(
        "accounts.look-up-settings",
        [](auto &policy) -> auto & { return policy.accounts.lookUpSettings; },
        stricter::neither<bool>()));
    keys.push_back(tableList(
        "accounts.oauth-clients", clientFields(),
        [](auto &policy) -> auto & { return policy.accounts.oauthClients; },
        stricter::neither<std::vector<OAuthRegistration>>(), readClient, clientText));
}

void addKeepingKeys(std::vector<KeySpec> &keys) {
    keys.push_back(duration(
        "journal.sign-every-hours", {0, 720},
        [](auto &policy) -> auto & { return policy.journal.signEvery; },
        stricter::neither<std::chrono::hours>()));
    keys.push_back(optionalText(
        "journal.syslog-host", ValueKind::OptionalDomain,
        [](auto &policy) -> auto & { return policy.journal.syslogHost; },
        stricter::neither<std::string>(), readDomain));
    keys.push_back(plainNumber(
        "journal.syslog-port", {1, 65535},
        [](auto &policy) -> auto & { return policy.journal.syslogPort; },
        stricter::neither<std::uint16_t>()));
    keys.push_back(optionalText(
        "journal.syslog-authority", ValueKind::OptionalText,
        [](auto &policy) -> auto & { return policy.journal.syslogAuthority; },
        stricter::neither<std::string>(), readText));
    // To keep less is safer for the people in it, to keep more for who must account for it.
    keys.push_back(duration(
        "retention.sent-days", {0, 3650},
        [](auto &policy) -> auto & { return policy.retention.sent; },
        stricter::neither<std::chrono::days>()));
    keys.push_back(duration(
        "retention.draft-days", {0, 3650},
        [](auto &policy) -> auto & { return policy.retention.drafts; },
        stricter::neither<std::chrono::days>()));
}

} // namespace sealpost::policy
