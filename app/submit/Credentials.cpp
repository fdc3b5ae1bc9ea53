// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/Credentials.h"

namespace sealpost::submit {

namespace {
Result<SecretBytes> readSecret(crypto::Keychain &keychain, const std::string &key,
                               std::string_view missing, const mail::Account &account) {
    auto stored = keychain.read(key);
    if (!stored) {
        return fail(stored.error());
    }
    if (!*stored) {
        return fail(missing, "submit.credentials", Reaction::FixInput, {}, account.name);
    }
    return std::move(**stored);
}
} // namespace

Result<Credentials> readCredentials(crypto::Keychain &keychain, const mail::Account &account) {
    Credentials credentials;
    if (!account.userName.empty() && account.signIn != mail::SignIn::Certificate) {
        auto secret = readSecret(keychain, account.keychainKey(), "account.no-password", account);
        if (!secret) {
            return fail(secret.error());
        }
        credentials.secret = std::move(*secret);
    }
    if (!account.certificateChainPem.empty()) {
        auto key = readSecret(keychain, account.certificateKeychainKey(),
                              "account.no-certificate-key", account);
        if (!key) {
            return fail(key.error());
        }
        credentials.certificate = std::make_shared<const crypto::ClientCertificate>(
            crypto::ClientCertificate{account.certificateChainPem, std::move(*key)});
    }
    return credentials;
}

} // namespace sealpost::submit
