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
    explicit DraftStore(std::shared_ptr<Database> database);
    //! Writes a draft; gives one without an id a new one. Returns the id.
    [[nodiscard]] Result<std::string> save(const mail::Draft &draft);
    //! The one that was saved last first.
    [[nodiscard]] Result<std::vector<mail::Draft>> list() const;
    //! No error where there is none of that id.
    [[nodiscard]] Result<void> remove(const std::string &id);

    //! Removes what was saved last on a day before this one's; how many.
    [[nodiscard]] Result<std::int64_t> removeUntouched(Time before);

private:
    std::shared_ptr<Database> m_database;
};

} // namespace sealpost::store
