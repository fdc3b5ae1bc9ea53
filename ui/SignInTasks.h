// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/Runtime.h"
#include "ui/ComposeService.h"

namespace sealpost::ui {

//! What RuntimeComposeService does for signing in on its threads: plain, blocking functions. Errors
//! as of ComposeService's functions.
[[nodiscard]] Result<std::optional<submit::FoundAccount>>
findAccountNow(runtime::Runtime &runtime, const mail::Address &address, Deadline deadline,
               const std::stop_token &stop);
//! The account, with OAuth also with what Sealpost is registered as at its provider: by policy,
//! where nobody has typed it. AskAdmin "account.no-oauth-client".
[[nodiscard]] Result<mail::Account> withOAuthClient(runtime::Runtime &runtime,
                                                    mail::Account account);
[[nodiscard]] Result<void> signInNow(runtime::Runtime &runtime, const std::string &account,
                                     submit::SignInWay way,
                                     const std::function<void(const submit::SignInPlace &)> &show,
                                     Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::ui
