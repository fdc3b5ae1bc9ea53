// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SignInTasks.h"

#include "runtime/OutboxActs.h"
#include "submit/ProviderPresets.h"
#include "wording/Wording.h"

namespace sealpost::ui {

Result<std::optional<submit::FoundAccount>> findAccountNow(runtime::Runtime &runtime,
                                                           const mail::Address &address,
                                                           Deadline deadline,
                                                           const std::stop_token &stop) {
    const auto effective = runtime.effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    if (!effective->policy.accounts.lookUpSettings) {
        return std::optional<submit::FoundAccount>();
    }
    auto found = runtime.findAccount(address, deadline, stop);
    if (!found) {
        return fail(found.error());
    }
    submit::fillOAuthClient(found->account, effective->policy.accounts);
    return std::optional(std::move(*found));
}

Result<mail::Account> withOAuthClient(runtime::Runtime &runtime, mail::Account account) {
    const auto effective = runtime.effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    submit::fillOAuthClient(account, effective->policy.accounts);
    const bool known = account.signIn != mail::SignIn::OAuth || !account.oauth.clientId.empty();
    return known ? Result<mail::Account>(std::move(account))
                 : fail("account.no-oauth-client", "account.add", Reaction::AskAdmin, {},
                        account.address.domain());
}

Result<void> signInNow(runtime::Runtime &runtime, const std::string &account, submit::SignInWay way,
                       const std::function<void(const submit::SignInPlace &)> &show,
                       Deadline deadline, const std::stop_token &stop) {
    const auto accounts = runtime.accounts();
    const auto known = accounts ? (*accounts)->find(account) : fail(accounts.error());
    if (!known) {
        return fail(known.error());
    }
    const auto keeper = runtime.tokens();
    const submit::SignInAsked asked{way, known->address, wording::signedInPage().toStdString()};
    const auto tokens = submit::signIn(keeper->flowOf(*known), asked, show, deadline, stop);
    auto kept = tokens ? keeper->keep(*known, *tokens) : fail(tokens.error());
    return kept ? runtime::tryAgainFor(runtime, known->name) : kept;
}

} // namespace sealpost::ui
