// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/TokenKeeper.h"

namespace sealpost::submit {

namespace {
//! A token that has less than this left may run out before the server looks at it.
constexpr std::chrono::seconds kEnough{60};
} // namespace

Result<void> TokenKeeper::keep(const mail::Account &account, const OAuthTokens &tokens) {
    return m_keychain->write(account.keychainKey(), tokens.toSecret());
}

Result<OAuthTokens> TokenKeeper::stored(const mail::Account &account) {
    const auto secret = m_keychain->read(account.keychainKey());
    if (!secret) {
        return fail(secret.error());
    }
    if (!*secret) {
        return fail("oauth.no-tokens", "oauth", Reaction::FixInput, {}, account.name);
    }
    auto tokens = OAuthTokens::fromSecret(**secret);
    if (!tokens) {
        tokens.error().subject = account.name;
    }
    return tokens;
}

//! What is in the keychain, unless there is something newer that could not be written yet.
Result<OAuthTokens> TokenKeeper::held(const mail::Account &account) {
    auto tokens = stored(account);
    const auto found = m_unwritten.find(account.keychainKey());
    if (found == m_unwritten.end()) {
        return tokens;
    }
    auto &[newer, replaced] = found->second;
    if (tokens && tokens->refresh.view() != replaced.view()) {
        m_unwritten.erase(found); // somebody has signed in anew
        return tokens;
    }
    auto copy = OAuthTokens{newer.access.clone(), newer.refresh.clone(), newer.expires};
    if (keep(account, newer)) {
        m_unwritten.erase(found);
    }
    return copy;
}

Result<base::SecretBytes> TokenKeeper::accessToken(const mail::Account &account, Wanted wanted,
                                                   Deadline deadline, std::stop_token stop) {
    const std::lock_guard lock(m_mutex);
    auto tokens = held(account);
    if (!tokens) {
        return fail(tokens.error());
    }
    if (wanted == Wanted::Usable && !tokens->access.empty() &&
        m_clock->now() + kEnough < tokens->expires) {
        return std::move(tokens->access);
    }
    const auto flow = flowOf(account);
    const auto endpoints = flow.discover(deadline, stop);
    if (!endpoints) {
        return fail(endpoints.error());
    }
    auto fresh = flow.refresh(*endpoints, *tokens, deadline, stop);
    if (!fresh) {
        fresh.error().subject = account.name;
        return fail(fresh.error());
    }
    auto access = fresh->access.clone();
    const auto key = account.keychainKey();
    if (keep(account, *fresh)) {
        m_unwritten.erase(key);
    } else {
        const auto before = m_unwritten.find(key);
        auto replaced =
            before == m_unwritten.end() ? tokens->refresh.clone() : before->second.replaced.clone();
        m_unwritten.insert_or_assign(key, Unwritten{std::move(*fresh), std::move(replaced)});
    }
    return access;
}

} // namespace sealpost::submit
