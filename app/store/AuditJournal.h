// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "store/Database.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::store {

//! One line: what happened, with facts. Never content, never a secret.
struct JournalLine {
    std::int64_t sequence = 0; //!< from 1, without gaps
    Time time{};
    std::string event; //!< "plan.approved", "outbox.queued", "submission.accepted", …
    std::map<std::string, std::string> facts;
    std::string chain; //!< lower-case hexadecimal HMAC over the line and the chain before it
};

//! Where the journal ends.
struct JournalEnd {
    std::int64_t lines = 0;
    std::string chain; //!< the last line's; empty of an empty journal
};

struct JournalVerdict {
    bool intact = false;
    std::int64_t lines = 0;
    std::int64_t firstBad = 0; //!< sequence; 0 where intact
    //! "changed", "removed", "reordered", "truncated" (lines are missing at the end), "unreadable"
    //! (what tells where the journal ends is damaged).
    std::string what;
};

//! Append-only and hash-chained: HMAC-SHA-256 under a key derived from the store's, over each line
//! and the chain before it; a sealed head holds count and last chain, so that a cut end shows too.
class AuditJournal {
public:
    AuditJournal(std::shared_ptr<Database> database, std::shared_ptr<const Clock> clock);
    //! Durable when it returns.
    [[nodiscard]] Result<void> append(std::string_view event,
                                      const std::map<std::string, std::string> &facts);
    [[nodiscard]] Result<std::vector<JournalLine>> list() const;
    [[nodiscard]] Result<JournalEnd> end() const;
    [[nodiscard]] Result<JournalVerdict> verify() const;

private:
    std::shared_ptr<Database> m_database;
    std::shared_ptr<const Clock> m_clock;
};

} // namespace sealpost::store
