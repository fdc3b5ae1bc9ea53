// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ReportCache.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace sealpost::store {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kStage = "store.cache";
//! How long values gather for one transaction, and how many begin it at once.
constexpr auto kGatherTime = 250ms;
constexpr std::size_t kBatchSize = 256;
constexpr std::size_t kMostWaiting = 4 * kBatchSize;

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

struct Sealed {
    qint64 expires = 0;
    std::string bytes;
};
using Batch = std::map<std::string, Sealed>; //!< by hidden key

Result<void> write(Connection &connection, const Batch &batch) {
    for (const auto &[hidden, sealed] : batch) {
        auto done = connection.run(
            QStringLiteral("INSERT INTO cache (key, expires, sealed) VALUES (?, ?, ?) "
                           "ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, "
                           "sealed = excluded.sealed"),
            kStage, {blob(hidden), sealed.expires, blob(sealed.bytes)});
        if (!done) {
            return done;
        }
    }
    return {};
}

} // namespace

struct ReportCache::Private {
    explicit Private(std::shared_ptr<Database> opened)
        : database(std::move(opened)),
          cacheKey(database->internals().box.derive("sealpost cache key")),
          writer([this](const std::stop_token &stop) { writeUntil(stop); }) {}

    std::shared_ptr<Database> database;
    SecretBytes cacheKey;
    std::mutex mutex;
    std::condition_variable_any changed;
    Batch waiting;
    Batch beingWritten; //!< still to be got from here
    bool hurry = false; //!< somebody waits for the writer
    std::jthread writer;

    [[nodiscard]] std::string hiddenKey(std::string_view key) const {
        return crypto::hmacSha256(cacheKey.view(), key);
    }

    [[nodiscard]] std::optional<Sealed> unwritten(const std::string &hidden) {
        const std::lock_guard lock(mutex);
        for (const auto *batch : {&waiting, &beingWritten}) {
            if (const auto found = batch->find(hidden); found != batch->end()) {
                return found->second;
            }
        }
        return std::nullopt;
    }

    void writeUntil(const std::stop_token &stop) {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, stop, [this] { return !waiting.empty(); });
            if (waiting.empty()) {
                return; // stopped, and all is written
            }
            changed.wait_for(lock, stop, kGatherTime,
                             [this] { return hurry || waiting.size() >= kBatchSize; });
            beingWritten.swap(waiting);
            lock.unlock();
            // A value that can't be kept is asked for again: no error.
            (void)database->internals().transact(
                Access::Write, kStage,
                [this](Connection &connection) { return write(connection, beingWritten); });
            lock.lock();
            beingWritten.clear();
            changed.notify_all();
        }
    }
};

ReportCache::ReportCache(std::shared_ptr<Database> database)
    : d(std::make_unique<Private>(std::move(database))) {}
ReportCache::~ReportCache() = default;

std::optional<std::string> ReportCache::get(std::string_view key, Time now) {
    auto &internals = d->database->internals();
    const auto hidden = d->hiddenKey(key);
    auto found = d->unwritten(hidden);
    if (!found) {
        const auto connection = internals.pool->ofThisThread();
        if (!connection || !removeExpired(**connection, now)) {
            return std::nullopt;
        }
        auto rows = Rows::of(**connection,
                             QStringLiteral("SELECT expires, sealed FROM cache WHERE key = ?"),
                             kStage, {blob(hidden)});
        if (!rows) {
            return std::nullopt;
        }
        const auto any = rows->next();
        if (!any || !*any) {
            return std::nullopt;
        }
        found = Sealed{rows->integer(0), rows->bytes(1)};
    }
    if (found->expires <= seconds(now)) {
        return std::nullopt;
    }
    auto value = internals.box.open(found->bytes, valuePlace(hidden, found->expires));
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

void ReportCache::put(std::string_view key, std::string_view value, Time expires) {
    const auto hidden = d->hiddenKey(key);
    auto sealed = d->database->internals().box.seal(value, valuePlace(hidden, seconds(expires)));
    if (!sealed) {
        return;
    }
    std::unique_lock lock(d->mutex);
    d->waiting[hidden] = {seconds(expires), std::move(*sealed)};
    d->changed.notify_all();
    // Whoever puts faster than the disk can write waits for it, so that memory stays bounded.
    d->changed.wait(lock, [this] { return d->waiting.size() < kMostWaiting; });
}

void ReportCache::flush() {
    std::unique_lock lock(d->mutex);
    d->hurry = true;
    d->changed.notify_all();
    d->changed.wait(lock, [this] { return d->waiting.empty() && d->beingWritten.empty(); });
    d->hurry = false;
}

} // namespace sealpost::store
