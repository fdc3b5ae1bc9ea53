// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ReportCache.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.cache";

std::string hiddenKey(const crypto::SealedBox &box, std::string_view key) {
    return crypto::hmacSha256(box.derive("sealpost cache key").view(), key);
}

//! The time of expiry stands in plain beside the box: bound to it, it can't be moved on.
std::string valuePlace(std::string_view hidden, qint64 expires) {
    return place("cache", base::toHex(hidden) + "/" + std::to_string(expires), "sealed");
}

qint64 seconds(Time time) {
    return static_cast<qint64>(time.time_since_epoch().count());
}

//! Takes away what has expired; reading alone, where nothing has.
Result<void> removeExpired(Connection &connection, Time now) {
    const auto any = connection.value(
        QStringLiteral("SELECT 1 FROM cache WHERE expires <= ? LIMIT 1"), kStage, {seconds(now)});
    if (!any) {
        return fail(any.error());
    }
    if (!any->isValid()) {
        return {};
    }
    return connection.run(QStringLiteral("DELETE FROM cache WHERE expires <= ?"), kStage,
                          {seconds(now)});
}

} // namespace

ReportCache::ReportCache(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

std::optional<std::string> ReportCache::get(std::string_view key, Time now) {
    auto &internals = m_database->internals();
    const auto connection = internals.pool->ofThisThread();
    if (!connection || !removeExpired(**connection, now)) {
        return std::nullopt;
    }
    const auto hidden = hiddenKey(internals.box, key);
    auto rows =
        Rows::of(**connection,
                 QStringLiteral("SELECT expires, sealed FROM cache WHERE key = ? AND expires > ?"),
                 kStage, {blob(hidden), seconds(now)});
    if (!rows) {
        return std::nullopt;
    }
    const auto found = rows->next();
    if (!found || !*found) {
        return std::nullopt;
    }
    auto value = internals.box.open(rows->bytes(1), valuePlace(hidden, rows->integer(0)));
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

void ReportCache::put(std::string_view key, std::string_view value, Time expires) {
    auto &internals = m_database->internals();
    const auto hidden = hiddenKey(internals.box, key);
    const auto sealed = internals.box.seal(value, valuePlace(hidden, seconds(expires)));
    const auto connection = internals.pool->ofThisThread();
    if (!sealed || !connection) {
        return;
    }
    // A value that can't be kept is asked for again: no error.
    (void)(*connection)
        ->run(QStringLiteral("INSERT INTO cache (key, expires, sealed) VALUES (?, ?, ?) "
                             "ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, "
                             "sealed = excluded.sealed"),
              kStage, {blob(hidden), seconds(expires), blob(*sealed)});
}

} // namespace sealpost::store
