// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "mail/Draft.h"
#include "store/Database.h"

#include <memory>
#include <string>
#include <vector>

namespace sealpost::store {

//! Drafts, sealed.
class DraftStore {
public:
    DraftStore(std::shared_ptr<Database> database, std::shared_ptr<const Clock> clock);
    //! Writes a draft; gives one without an id a new one. Returns the id.
    [[nodiscard]] Result<std::string> save(const mail::Draft &draft);
    //! Newest first.
    [[nodiscard]] Result<std::vector<mail::Draft>> list() const;
    [[nodiscard]] Result<void> remove(const std::string &id);

private:
    std::shared_ptr<Database> m_database;
    std::shared_ptr<const Clock> m_clock;
};

} // namespace sealpost::store
