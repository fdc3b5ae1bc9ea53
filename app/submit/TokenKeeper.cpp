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

Result<base::SecretBytes> TokenKeeper::accessToken(const mail::Account &account, Wanted wanted,
                                                   Deadline deadline, std::stop_token stop) {
    const std::lock_guard lock(m_mutex);
    const auto stored = m_keychain->read(account.keychainKey());
    if (!stored) {
        return fail(stored.error());
    }
    if (!*stored) {
        return fail("oauth.no-tokens", "oauth", Reaction::FixInput, {}, account.name);
    }
    auto tokens = OAuthTokens::fromSecret(**stored);
    if (!tokens) {
        tokens.error().subject = account.name;
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
    if (auto kept = keep(account, *fresh); !kept) {
        return fail(kept.error());
    }
    return std::move(fresh->access);
}

} // namespace sealpost::submit
