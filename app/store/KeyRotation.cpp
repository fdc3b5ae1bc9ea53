// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/KeyRotation.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"

#include <functional>
#include <system_error>
#include <vector>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.rotate";

//! A table's sealed column, and the places that its boxes are bound to.
struct SealedColumn {
    QString table;
    QString column; //!< that holds the boxes
    QString key;    //!< that names a row: text, blob or number
    //! The places that the row's box may be bound to: one of them it is.
    std::function<std::vector<std::string>(const QVariant &key, const QSqlQuery &row)> places;
    QString more; //!< further columns that the places need, with a comma in front
};

std::string text(const QVariant &value) {
    return value.toString().toStdString();
}

std::string hex(const QVariant &value) {
    return base::toHex(value.toByteArray().toStdString());
}

//! Every column of every table that has boxes in it. What a new table seals belongs here too: the
//! test of this looks at the file's schema.
std::vector<SealedColumn> sealedColumns() {
    const auto sealed = QStringLiteral("sealed");
    const auto id = QStringLiteral("id");
    const auto named = [](const char *table, auto name) {
        return [table, name](const QVariant &key, const QSqlQuery &) {
            return std::vector{place(table, name(key), "sealed")};
        };
    };
    return {
        {QStringLiteral("account"), sealed, QStringLiteral("name"), named("account", hex), {}},
        {QStringLiteral("draft"), sealed, id, named("draft", text), {}},
        {QStringLiteral("outbox"), sealed, id, named("outbox", text), {}},
        {QStringLiteral("cjsm"), sealed, id, named("cjsm", text), {}},
        {QStringLiteral("used_domain"),
         sealed,
         QStringLiteral("key"),
         named("used_domain", hex),
         {}},
        {QStringLiteral("journal"),
         sealed,
         QStringLiteral("sequence"),
         [](const QVariant &, const QSqlQuery &) {
             return std::vector{place("journal", "line", "sealed")};
         },
         {}},
        {QStringLiteral("fact"),
         QStringLiteral("value"),
         QStringLiteral("name"),
         [](const QVariant &key, const QSqlQuery &) {
             return std::vector{place("fact", text(key), "value")};
         },
         {}},
        {QStringLiteral("outbox_chunk"), sealed, QStringLiteral("rowid"),
         [](const QVariant &, const QSqlQuery &row) {
             const auto chunk = text(row.value(2)) + "/" + text(row.value(3));
             return std::vector{place("outbox_chunk", chunk, "sealed-inner"),
                                place("outbox_chunk", chunk, "sealed-last")};
         },
         QStringLiteral(", entry, position")},
    };
}

//! One rotation, inside its transaction.
class Rotation {
public:
    Rotation(Connection &connection, const crypto::SealedBox &before,
             const crypto::SealedBox &after)
        : m_connection(connection), m_before(before), m_after(after) {}

    Result<void> reseal(const SealedColumn &column) {
        // Keys first: a table is not walked and changed at the same time.
        const auto keys = keysOf(column);
        if (!keys) {
            return fail(keys.error());
        }
        for (const auto &key : *keys) {
            if (auto done = resealRow(column, key); !done) {
                return done;
            }
        }
        return {};
    }

private:
    Result<std::vector<QVariant>> keysOf(const SealedColumn &column) {
        QSqlQuery query(m_connection.handle());
        query.setForwardOnly(true);
        // The key's own name stays as it is: nothing of it is secret.
        const auto sql = QStringLiteral("SELECT %1 FROM %2%3")
                             .arg(column.key, column.table,
                                  column.table == QLatin1String("fact")
                                      ? QStringLiteral(" WHERE name <> 'key-id'")
                                      : QString());
        std::vector<QVariant> keys;
        bool good = query.exec(sql);
        while (good && query.next()) {
            keys.push_back(query.value(0));
        }
        if (!good || query.lastError().isValid()) {
            return fail(sqlError(query.lastError(), kStage, m_connection.subject()));
        }
        return keys;
    }

    Result<void> resealRow(const SealedColumn &column, const QVariant &key) {
        QSqlQuery query(m_connection.handle());
        query.setForwardOnly(true);
        query.prepare(QStringLiteral("SELECT %1, %2%3 FROM %4 WHERE %2 = ?")
                          .arg(column.column, column.key, column.more, column.table));
        query.addBindValue(key);
        if (!query.exec() || !query.next()) {
            return fail(sqlError(query.lastError(), kStage, m_connection.subject()));
        }
        const auto box = query.value(0).toByteArray().toStdString();
        const auto places = column.places(key, query);
        query.finish();
        for (const auto &place : places) {
            auto plain = m_before.open(box, place);
            if (!plain) {
                continue;
            }
            const auto sealed = m_after.seal(*plain, place);
            base::wipe(*plain);
            return sealed ? m_connection.run(QStringLiteral("UPDATE %1 SET %2 = ? WHERE %3 = ?")
                                                 .arg(column.table, column.column, column.key),
                                             kStage, {blob(*sealed), key})
                          : fail(sealed.error());
        }
        return damaged(kStage, column.table.toStdString(), m_connection.subject());
    }

    Connection &m_connection;
    const crypto::SealedBox &m_before;
    const crypto::SealedBox &m_after;
};

//! What names the new key, and what is derived from as before.
Result<void> writeKeyFacts(Connection &connection, const crypto::SealedBox &after,
                           const std::string &keyId) {
    const auto root = after.seal(after.root().view(), rootPlace());
    if (!root) {
        return fail(root.error());
    }
    const auto put = QStringLiteral("INSERT INTO fact (name, value) VALUES (?, ?) "
                                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    auto done = connection.run(put, kStage, {QStringLiteral("derivation"), blob(*root)});
    return done ? connection.run(put, kStage, {QStringLiteral("key-id"), blob(keyId)}) : done;
}

//! They are under the old key.
void removeOldCopies(const std::filesystem::path &file) {
    std::error_code error;
    const auto start = file.filename().string() + ".v";
    for (const auto &entry : std::filesystem::directory_iterator(file.parent_path(), error)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with(start) && name.ends_with(".bak")) {
            std::filesystem::remove(entry.path(), error);
        }
    }
}

} // namespace

Result<void> rotateKey(const std::shared_ptr<Database> &database, const SecretBytes &newKey) {
    if (newKey.size() != crypto::kSealedBoxKeySize) {
        return fail("store.key-size", kStage, Reaction::Bug);
    }
    auto &internals = database->internals();
    const crypto::SealedBox after(newKey.clone(), internals.box.root().clone());
    auto done =
        internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
            Rotation rotation(connection, internals.box, after);
            for (const auto &column : sealedColumns()) {
                if (auto resealed = rotation.reseal(column); !resealed) {
                    return resealed;
                }
            }
            if (auto gone = connection.run(QStringLiteral("DELETE FROM cache"), kStage); !gone) {
                return gone;
            }
            return writeKeyFacts(connection, after, keyIdOf(newKey));
        });
    if (!done) {
        return done;
    }
    removeOldCopies(internals.file);
    return database->settle();
}

} // namespace sealpost::store
