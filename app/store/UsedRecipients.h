// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "mail/Address.h"
#include "store/Database.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sealpost::store {

//! To whom a server has accepted mail from this profile: what tells a first-time recipient, and a
//! domain that only looks like one that is known. Sealed at rest, since it tells whom a person
//! writes to. Any thread.
class UsedRecipients {
public:
    explicit UsedRecipients(std::shared_ptr<Database> database);

    //! Remembers addresses and their domains; known ones stay as they are. Store's errors.
    [[nodiscard]] Result<void> add(const std::vector<mail::Address> &addresses);
    //! Whether the address is known. Its local part is compared without regard to ASCII case.
    [[nodiscard]] Result<bool> contains(const mail::Address &address);
    //! All domains, A-labels.
    [[nodiscard]] Result<std::set<std::string>> domains();

private:
    std::shared_ptr<Database> m_database;
};

} // namespace sealpost::store
