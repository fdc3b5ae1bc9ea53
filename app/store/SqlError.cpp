// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/SqlError.h"

#include <array>

namespace sealpost::store {

namespace {

//! SQLite's primary result codes (sqlite.org/rescode.html); Qt hands them on as numbers.
enum SqliteCode : int {
    kSqliteError = 1,
    kSqlitePerm = 3,
    kSqliteBusy = 5,
    kSqliteLocked = 6,
    kSqliteReadOnly = 8,
    kSqliteIoError = 10,
    kSqliteCorrupt = 11,
    kSqliteFull = 13,
    kSqliteCantOpen = 14,
    kSqliteProtocol = 15,
    kSqliteSchema = 17,
    kSqliteConstraint = 19,
    kSqliteMismatch = 20,
    kSqliteNoLargeFiles = 22,
    kSqliteAuth = 23,
    kSqliteFormat = 24,
    kSqliteNotADb = 26,
};

constexpr int kPrimaryMask = 0xFF;

struct Mapping {
    SqliteCode code;
    std::string_view ours;
    Reaction reaction;
};

// "store.damaged" for what can only come of a file that is not as we wrote it: our statements and
// constraints are fixed, and the tests run each of them.
constexpr std::array kMappings = {
    Mapping{kSqliteFull, "store.full", Reaction::AskAdmin},
    Mapping{kSqliteCorrupt, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteNotADb, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteError, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteSchema, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteConstraint, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteMismatch, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteFormat, "store.damaged", Reaction::AskAdmin},
    Mapping{kSqliteReadOnly, "store.unwritable", Reaction::AskAdmin},
    Mapping{kSqliteCantOpen, "store.unwritable", Reaction::AskAdmin},
    Mapping{kSqlitePerm, "store.unwritable", Reaction::AskAdmin},
    Mapping{kSqliteAuth, "store.unwritable", Reaction::AskAdmin},
    Mapping{kSqliteIoError, "store.unwritable", Reaction::AskAdmin},
    Mapping{kSqliteNoLargeFiles, "store.unwritable", Reaction::AskAdmin},
    Mapping{kSqliteBusy, "store.locked", Reaction::Retry},
    Mapping{kSqliteLocked, "store.locked", Reaction::Retry},
    Mapping{kSqliteProtocol, "store.locked", Reaction::Retry},
};

} // namespace

Error sqlError(const QSqlError &error, std::string_view stage, std::string_view subject) {
    bool isNumber = false;
    const int extended = error.nativeErrorCode().toInt(&isNumber);
    // SQLite's own words name tables and constraints at most: our values are bound, never in SQL.
    const auto detail =
        "SQLite " + std::to_string(extended) + ": " + error.databaseText().toStdString();
    if (isNumber) {
        for (const auto &mapping : kMappings) {
            if (mapping.code == (extended & kPrimaryMask)) {
                return {std::string(mapping.ours), std::string(stage), mapping.reaction, detail,
                        std::string(subject)};
            }
        }
    }
    return {"store.sql", std::string(stage), Reaction::Bug, detail, std::string(subject)};
}

} // namespace sealpost::store
