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

Result<Credentials> readCredentials(crypto::Keychain &keychain,
                                    const std::shared_ptr<TokenSource> &tokens,
                                    const mail::Account &account, Deadline deadline,
                                    const std::stop_token &stop) {
    Credentials credentials;
    if (account.signIn == mail::SignIn::OAuth) {
        if (!tokens) {
            return fail("oauth.no-tokens", "submit.credentials", Reaction::FixInput, {},
                        account.name);
        }
        using Wanted = TokenSource::Wanted;
        auto token = tokens->accessToken(account, Wanted::Usable, deadline, stop);
        if (!token) {
            return fail(token.error());
        }
        credentials.secret = std::move(*token);
        credentials.renew = [tokens, account, deadline, stop] {
            return tokens->accessToken(account, Wanted::Renewed, deadline, stop);
        };
    }
    if (!account.userName.empty() && account.signIn == mail::SignIn::Password) {
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
