// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "mail/Account.h"
#include "store/Database.h"

#include <memory>
#include <string>
#include <vector>

namespace sealpost::store {

//! Submission accounts, sealed, without their secrets.
class AccountStore {
public:
    explicit AccountStore(std::shared_ptr<Database> database);
    //! FixInput "account.exists" where the name is taken, "account.bad-name" where it is blank or
    //! has control characters.
    [[nodiscard]] Result<void> add(const mail::Account &account);
    //! In the place of the account of that name. FixInput "account.not-found".
    [[nodiscard]] Result<void> change(const mail::Account &account);
    //! By name.
    [[nodiscard]] Result<std::vector<mail::Account>> list() const;
    //! FixInput "account.not-found"; with an empty name the only account, FixInput
    //! "account.none" or "account.choose" where there is none or are several.
    [[nodiscard]] Result<mail::Account> find(const std::string &name) const;
    //! FixInput "account.not-found".
    [[nodiscard]] Result<void> remove(const std::string &name);

private:
    std::shared_ptr<Database> m_database;
};

} // namespace sealpost::store
