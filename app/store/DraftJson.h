// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "mail/Account.h"
#include "mail/Draft.h"

#include <string>

//! What is sealed of drafts and accounts. Texts keep every byte, UTF-8 or not.
namespace sealpost::store {

[[nodiscard]] std::string draftToJson(const mail::Draft &draft);
//! AskAdmin "store.damaged".
[[nodiscard]] Result<mail::Draft> draftFromJson(const std::string &json);
[[nodiscard]] std::string accountToJson(const mail::Account &account);
//! AskAdmin "store.damaged".
[[nodiscard]] Result<mail::Account> accountFromJson(const std::string &json);

} // namespace sealpost::store
