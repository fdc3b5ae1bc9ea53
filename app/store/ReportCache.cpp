// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ReportCache.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
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
//! What would expire first goes, so that a list of 100,000 domains leaves no store of a gigabyte
//! behind, which is checked at each start.
constexpr int kMostKept = 4096;

//! The time of expiry stands in plain beside the box: bound to it, it can't be moved on.
std::string valuePlace(std::string_view hidden, qint64 expires) {
    return place("cache", base::toHex(hidden) + "/" + std::to_string(expires), "sealed");
}

qint64 seconds(Time time) {
    return static_cast<qint64>(time.time_since_epoch().count());
}

struct Sealed {
    qint64 expires = 0;
    std::string bytes;
};
using Batch = std::map<std::string, Sealed>; //!< by hidden key

Result<void> write(Connection &connection, const Batch &batch, std::optional<qint64> expired) {
    if (expired) {
        auto done = connection.run(QStringLiteral("DELETE FROM cache WHERE expires <= ?"), kStage,
                                   {*expired});
        if (!done || batch.empty()) {
            return done;
        }
    }
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
    return connection.run(
        QStringLiteral("DELETE FROM cache WHERE key IN (SELECT key FROM cache ORDER BY expires "
                       "LIMIT max(0, (SELECT count(*) FROM cache) - ?))"),
        kStage, {kMostKept});
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
    Batch beingWritten;            //!< still to be got from here
    std::optional<qint64> expired; //!< what had expired then is to be taken away
    qint64 nextPurge = 0;
    bool busy = false;  //!< the writer is
    bool hurry = false; //!< somebody waits for it
    std::jthread writer;

    [[nodiscard]] std::string hiddenKey(std::string_view key) const {
        return crypto::hmacSha256(cacheKey.view(), key);
    }

    //! To find what has expired means to look at all: not with each question.
    void purgeNowAndThen(qint64 now) {
        constexpr qint64 kSeconds = 60;
        const std::lock_guard lock(mutex);
        if (now >= nextPurge) {
            nextPurge = now + kSeconds;
            expired = now;
            changed.notify_all();
        }
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
        // A lost power supply may take the last of what can be asked for again: no wait for the
        // disk. Of this thread's connection alone, and without harm to the file (it is in WAL
        // mode).
        if (const auto connection = database->internals().pool->ofThisThread()) {
            (void)(*connection)->run(QStringLiteral("PRAGMA synchronous = NORMAL"), kStage);
        }
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, stop, [this] { return !waiting.empty() || expired; });
            if (waiting.empty() && (stop.stop_requested() || !expired)) {
                return; // all is written; what has expired can wait for the next time
            }
            changed.wait_for(lock, stop, kGatherTime,
                             [this] { return hurry || waiting.size() >= kBatchSize; });
            beingWritten.swap(waiting);
            const auto purge = std::exchange(expired, std::nullopt);
            busy = true;
            lock.unlock();
            // A value that can't be kept is asked for again: no error.
            (void)database->internals().transact(Access::Write, kStage,
                                                 [this, &purge](Connection &connection) {
                                                     return write(connection, beingWritten, purge);
                                                 });
            lock.lock();
            beingWritten.clear();
            busy = false;
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
    d->purgeNowAndThen(seconds(now));
    auto found = d->unwritten(hidden);
    if (!found) {
        const auto connection = internals.pool->ofThisThread();
        if (!connection) {
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
    d->changed.wait(lock, [this] { return d->waiting.empty() && !d->busy && !d->expired; });
    d->hurry = false;
}

} // namespace sealpost::store
