// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/CjsmTable.h"

#include "store/DatabasePrivate.h"

#include <utility>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.cjsm";
//! The record that says what the others are; theirs count from 1.
constexpr std::int64_t kAbout = 0;

std::string rowPlace(std::int64_t id) {
    return place("cjsm", std::to_string(id), "sealed");
}

Result<void> insert(Connection &connection, const crypto::SealedBox &box, std::int64_t id,
                    std::string_view value) {
    const auto sealed = box.seal(value, rowPlace(id));
    if (!sealed) {
        return fail(sealed.error());
    }
    return connection.run(QStringLiteral("INSERT INTO cjsm (id, sealed) VALUES (?, ?)"), kStage,
                          {static_cast<qint64>(id), blob(*sealed)});
}

Result<std::vector<std::string>> valuesOf(const crypto::SealedBox &box, Result<Rows> rows) {
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<std::string> values;
    while (true) {
        const auto more = rows->next();
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            return values;
        }
        auto value = box.open(rows->bytes(1), rowPlace(rows->integer(0)));
        if (!value) {
            return damaged(kStage, "the CJSM directory", std::to_string(rows->integer(0)));
        }
        values.push_back(std::move(*value));
    }
}
} // namespace

CjsmTable::CjsmTable(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

Result<void> CjsmTable::replace(const std::vector<Record> &records, std::string_view about) {
    auto &internals = m_database->internals();
    const auto secret = internals.box.derive("sealpost cjsm key");
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        for (const auto &sql :
             {QStringLiteral("DELETE FROM cjsm_key"), QStringLiteral("DELETE FROM cjsm")}) {
            if (auto done = connection.run(sql, kStage); !done) {
                return done;
            }
        }
        if (auto done = insert(connection, internals.box, kAbout, about); !done) {
            return done;
        }
        auto id = kAbout;
        for (const auto &record : records) {
            ++id;
            if (auto done = insert(connection, internals.box, id, record.value); !done) {
                return done;
            }
            for (const auto &key : record.keys) {
                const auto hidden = crypto::hmacSha256(secret.view(), key);
                auto done = connection.run(
                    QStringLiteral("INSERT OR IGNORE INTO cjsm_key (key, id) VALUES (?, ?)"),
                    kStage, {blob(hidden), static_cast<qint64>(id)});
                if (!done) {
                    return done;
                }
            }
        }
        return {};
    });
}

Result<std::optional<std::string>> CjsmTable::about() {
    using About = std::optional<std::string>;
    auto &internals = m_database->internals();
    return internals.transact(Access::Read, kStage, [&](Connection &connection) -> Result<About> {
        auto values = valuesOf(internals.box,
                               Rows::of(connection,
                                        QStringLiteral("SELECT id, sealed FROM cjsm WHERE id = ?"),
                                        kStage, {static_cast<qint64>(kAbout)}));
        if (!values) {
            return fail(values.error());
        }
        return values->empty() ? About() : About(std::move(values->front()));
    });
}

Result<std::vector<std::string>> CjsmTable::find(std::string_view key) {
    using Values = std::vector<std::string>;
    auto &internals = m_database->internals();
    const auto hidden = crypto::hmacSha256(internals.box.derive("sealpost cjsm key").view(), key);
    return internals.transact(Access::Read, kStage, [&](Connection &connection) -> Result<Values> {
        return valuesOf(
            internals.box,
            Rows::of(connection,
                     QStringLiteral("SELECT cjsm.id, cjsm.sealed FROM cjsm_key JOIN cjsm "
                                    "ON cjsm.id = cjsm_key.id WHERE cjsm_key.key = ? "
                                    "ORDER BY cjsm.id LIMIT 1000"),
                     kStage, {blob(hidden)}));
    });
}

} // namespace sealpost::store
