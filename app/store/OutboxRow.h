// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/SealedBox.h"
#include "store/Connection.h"
#include "store/Outbox.h"

#include <cstdint>
#include <vector>

namespace sealpost::store {

//! An entry with what only the outbox itself needs to know.
struct OutboxRow {
    OutboxEntry entry;
    std::int64_t chunks = 0; //!< 0 while Writing
};

//! A new row; its id.
[[nodiscard]] Result<std::int64_t> insertRow(Connection &connection, const crypto::SealedBox &box,
                                             OutboxRow row);
[[nodiscard]] Result<void> updateRow(Connection &connection, const crypto::SealedBox &box,
                                     const OutboxRow &row);
//! FixInput "outbox.not-found"; AskAdmin "store.damaged".
[[nodiscard]] Result<OutboxRow> readRow(Connection &connection, const crypto::SealedBox &box,
                                        std::int64_t id);
//! Oldest first.
[[nodiscard]] Result<std::vector<OutboxRow>> readRows(Connection &connection,
                                                      const crypto::SealedBox &box);
//! Those that have not ended, oldest first.
[[nodiscard]] Result<std::vector<OutboxRow>> readOpenRows(Connection &connection,
                                                          const crypto::SealedBox &box);
//! At most `most` with lesser numbers than `before`, newest first.
[[nodiscard]] Result<std::vector<OutboxRow>>
readPage(Connection &connection, const crypto::SealedBox &box, std::int64_t before, int most);
//! With its chunks. FixInput "outbox.not-found".
[[nodiscard]] Result<void> removeRow(Connection &connection, std::int64_t id);

} // namespace sealpost::store
