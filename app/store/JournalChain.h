// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/SealedBox.h"
#include "store/AuditJournal.h"
#include "store/Connection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sealpost::store {

//! Where the journal ends: kept sealed, so that a cut end shows.
struct JournalHead {
    std::int64_t lines = 0;
    std::string chain; //!< of the last line; of the empty journal: empty
};

//! Seals and chains the journal's lines.
class JournalChain {
public:
    explicit JournalChain(const crypto::SealedBox &box);

    //! The HMAC over `previous` and every field of the line, each with its length before it, so
    //! that no two lines read the same.
    [[nodiscard]] std::string next(std::string_view previous, const JournalLine &line) const;

    [[nodiscard]] Result<std::string> seal(const JournalLine &line) const;
    //! Without its chain. The number is the one that was sealed, wherever the line stands now.
    [[nodiscard]] Result<JournalLine> open(std::string_view sealed) const;

    //! AskAdmin "store.damaged" where it is missing or can't be opened.
    [[nodiscard]] Result<JournalHead> readHead(Connection &connection) const;
    [[nodiscard]] Result<void> writeHead(Connection &connection, const JournalHead &head) const;

private:
    const crypto::SealedBox &m_box;
    SecretBytes m_key;
};

//! The head of an empty journal, for a new file.
[[nodiscard]] Result<void> startJournal(Connection &connection, const crypto::SealedBox &box);

} // namespace sealpost::store
