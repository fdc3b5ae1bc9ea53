// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Migrations.h"

#include <QFile>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.migrate";

// Content is sealed, each box to its table, row and column; what stands beside it in plain is
// needed to find a row and tells nothing: numbers, random ids, HMACs, times of expiry.
Migration firstVersion() {
    return {
        QStringLiteral("CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) "
                       "STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE account (name BLOB PRIMARY KEY, sealed BLOB NOT NULL) "
                       "STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE draft (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, "
                       "sealed BLOB NOT NULL) STRICT"),
        // AUTOINCREMENT: a number is never used twice, so that a chunk that was left behind can't
        // pass for another message's.
        QStringLiteral("CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, "
                       "sealed BLOB NOT NULL) STRICT"),
        QStringLiteral("CREATE TABLE outbox_chunk (entry INTEGER NOT NULL "
                       "REFERENCES outbox (id) ON DELETE CASCADE, position INTEGER NOT NULL, "
                       "sealed BLOB NOT NULL, UNIQUE (entry, position)) STRICT"),
        QStringLiteral("CREATE TABLE journal (sequence INTEGER PRIMARY KEY, "
                       "sealed BLOB NOT NULL, chain BLOB NOT NULL) STRICT"),
        QStringLiteral("CREATE TABLE cache (key BLOB PRIMARY KEY, expires INTEGER NOT NULL, "
                       "sealed BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    };
}

//! The CJSM directory: records, and the HMACs of what finds them.
Migration secondVersion() {
    return {
        QStringLiteral("CREATE TABLE cjsm (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT"),
        QStringLiteral("CREATE TABLE cjsm_key (key BLOB NOT NULL, id INTEGER NOT NULL, "
                       "PRIMARY KEY (key, id)) STRICT, WITHOUT ROWID"),
    };
}

//! Whom mail was accepted for: HMACs of addresses, and of domains with their names sealed.
Migration thirdVersion() {
    return {
        QStringLiteral("CREATE TABLE used_address (key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE used_domain (key BLOB PRIMARY KEY, sealed BLOB NOT NULL) "
                       "STRICT, WITHOUT ROWID"),
    };
}

//! What has ended, and when drafts were touched, in days since 1970: so that neither a start nor
//! what policy no longer keeps has to open every box. Rows of before are looked at once more by
//! Outbox::recover().
Migration fourthVersion() {
    return {
        QStringLiteral("ALTER TABLE outbox ADD COLUMN settled INTEGER"),
        QStringLiteral("CREATE INDEX outbox_settled ON outbox (settled)"),
        QStringLiteral("ALTER TABLE draft ADD COLUMN touched INTEGER NOT NULL DEFAULT 0"),
        QStringLiteral("UPDATE draft SET touched = unixepoch() / 86400"),
    };
}

Result<void> backUp(Connection &connection, const std::filesystem::path &file, int version) {
    auto copy = file;
    copy += ".v" + std::to_string(version) + ".bak";
    std::error_code error;
    std::filesystem::remove(copy, error);
    if (auto made = makePrivateFile(copy); !made) {
        return made;
    }
    return connection.run(QStringLiteral("VACUUM INTO ?"), kStage, {toQString(copy)});
}

} // namespace

std::span<const Migration> migrations() {
    static const std::vector<Migration> kSteps = {firstVersion(), secondVersion(), thirdVersion(),
                                                  fourthVersion()};
    return kSteps;
}

Result<void> makePrivateFile(const std::filesystem::path &file) {
    QFile made(toQString(file));
    if (!made.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                   QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        return fail("store.unwritable", kStage, Reaction::AskAdmin,
                    made.errorString().toStdString(), toText(file));
    }
    return {};
}

Result<void> upgrade(Connection &connection, const std::filesystem::path &file,
                     std::span<const Migration> steps) {
    const auto asked = connection.value(QStringLiteral("PRAGMA user_version"), kStage);
    if (!asked) {
        return fail(asked.error());
    }
    const auto version = asked->toInt();
    const auto wanted = static_cast<int>(steps.size());
    if (version >= wanted) {
        return {};
    }
    if (version > 0) {
        if (auto copied = backUp(connection, file, version); !copied) {
            return copied;
        }
    }
    return transact(connection, Access::Write, kStage, [&](Connection &open) -> Result<void> {
        for (const auto &step : steps.subspan(static_cast<std::size_t>(version))) {
            for (const auto &statement : step) {
                if (auto done = open.run(statement, kStage); !done) {
                    return done;
                }
            }
        }
        return open.run(QStringLiteral("PRAGMA user_version = %1").arg(wanted), kStage);
    });
}

} // namespace sealpost::store
