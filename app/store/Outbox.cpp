// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Outbox.h"

#include "store/DatabasePrivate.h"
#include "store/OutboxChunks.h"
#include "store/OutboxRow.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.outbox";

//! What is written in one transaction: few waits for the disk, and little memory.
constexpr std::size_t kBatchSize = 4 * kChunkSize;

bool mayFollow(OutboxState from, OutboxState to) {
    using enum OutboxState;
    switch (from) {
    case Writing:
        return to == Queued;
    case Queued:
    case Deferred:
        return to == Submitting || to == Failed;
    case Submitting:
        return to == Committing || to == Deferred || to == Failed || to == Queued;
    case Committing:
        return to == Accepted || to == Deferred || to == Failed || to == Uncertain;
    case Uncertain: // a person decides
        return to == Queued || to == Accepted || to == Failed;
    case Accepted:
    case Failed:
        return false;
    }
    return false;
}

tl::unexpected<Error> illegal(OutboxState from, OutboxState to) {
    return fail("outbox.transition", kStage, Reaction::Bug,
                std::string(toString(from)) + " to " + std::string(toString(to)));
}

//! Changes one entry's state in a transaction; `change` does what else there is to do to it.
template <class Change>
Result<void> move(Database &database, Time now, std::int64_t id, OutboxState state, Change change) {
    auto &internals = database.internals();
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        auto row = readRow(connection, internals.box, id);
        if (!row) {
            return fail(row.error());
        }
        auto &entry = row->entry;
        // Writing ends by Writer::commit() alone: nobody else knows that the message is whole.
        if (entry.state == OutboxState::Writing || !mayFollow(entry.state, state)) {
            return illegal(entry.state, state);
        }
        entry.state = state;
        entry.changed = now;
        entry.attempts += state == OutboxState::Submitting ? 1 : 0;
        if (state == OutboxState::Accepted) {
            entry.draftJson.clear(); // nobody goes back to it, or could send it anew
            entry.contentDigest.clear();
        }
        change(entry);
        return updateRow(connection, internals.box, *row);
    });
}

//! Changes what is known of an entry in a transaction; `change` may refuse.
template <class Change> Result<void> note(Database &database, std::int64_t id, Change change) {
    auto &internals = database.internals();
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        auto row = readRow(connection, internals.box, id);
        if (!row) {
            return fail(row.error());
        }
        auto changed = change(row->entry);
        return changed ? updateRow(connection, internals.box, *row) : changed;
    });
}

Result<std::vector<OutboxEntry>> entriesOf(Result<std::vector<OutboxRow>> rows) {
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<OutboxEntry> entries;
    for (auto &row : *rows) {
        entries.push_back(std::move(row.entry));
    }
    return entries;
}

} // namespace

std::vector<std::string> OutboxEntry::waiting() const {
    std::vector<std::string> left;
    std::copy_if(recipients.begin(), recipients.end(), std::back_inserter(left),
                 [this](const auto &recipient) {
                     return std::find(settled.begin(), settled.end(), recipient) == settled.end();
                 });
    return left;
}

std::vector<std::string> OutboxEntry::spokenFor() const {
    const auto isIn = [](const std::vector<std::string> &some, const std::string &one) {
        return std::find(some.begin(), some.end(), one) != some.end();
    };
    std::vector<std::string> written;
    for (std::size_t i = 0; i < recipients.size() && i < writtenAs.size(); ++i) {
        const bool givenUp = state == OutboxState::Failed && !isIn(settled, recipients[i]);
        if (!givenUp && !isIn(refused, recipients[i])) {
            written.push_back(writtenAs[i]);
        }
    }
    return written;
}

struct Outbox::Writer::Private {
    enum class Stand { Open, Broken, Done };

    std::shared_ptr<Database> database;
    std::shared_ptr<const Clock> clock;
    OutboxEntry entry;
    std::string pending;
    std::int64_t chunks = 0;
    Stand stand = Stand::Open;
    Error why; //!< where Broken

    //! All pending bytes as chunks, the last one marked where `where` says so.
    Result<void> insertPending(Connection &connection, ChunkPlace where);
    Result<void> flush();
    Result<std::int64_t> finish();
    //! Takes away what is there; where that fails too, recover() will do it.
    void abandon(const Error &error);
};

Result<void> Outbox::Writer::Private::insertPending(Connection &connection, ChunkPlace where) {
    const std::string_view bytes = pending;
    auto position = chunks;
    std::size_t offset = 0;
    do {
        const auto piece = bytes.substr(offset, kChunkSize);
        offset += piece.size();
        const bool isLast = where == ChunkPlace::Last && offset == bytes.size();
        auto inserted = insertChunk(connection, database->internals().box, entry.id, position++,
                                    isLast ? ChunkPlace::Last : ChunkPlace::Inner, piece);
        if (!inserted) {
            return inserted;
        }
    } while (offset < bytes.size());
    chunks = position;
    return {};
}

Result<void> Outbox::Writer::Private::flush() {
    auto flushed =
        database->internals().transact(Access::Write, kStage, [&](Connection &connection) {
            return insertPending(connection, ChunkPlace::Inner);
        });
    if (flushed) {
        entry.size += pending.size();
        pending.clear();
    }
    return flushed;
}

Result<std::int64_t> Outbox::Writer::Private::finish() {
    auto &internals = database->internals();
    return internals.transact(
        Access::Write, kStage, [&](Connection &connection) -> Result<std::int64_t> {
            auto row = readRow(connection, internals.box, entry.id);
            if (!row) {
                return fail(row.error());
            }
            if (!mayFollow(row->entry.state, OutboxState::Queued)) {
                return illegal(row->entry.state, OutboxState::Queued);
            }
            if (auto inserted = insertPending(connection, ChunkPlace::Last); !inserted) {
                return fail(inserted.error());
            }
            row->entry.state = OutboxState::Queued;
            row->entry.changed = clock->now();
            row->entry.size = entry.size + pending.size();
            row->chunks = chunks;
            if (auto updated = updateRow(connection, internals.box, *row); !updated) {
                return fail(updated.error());
            }
            return entry.id;
        });
}

void Outbox::Writer::Private::abandon(const Error &error) {
    stand = Stand::Broken;
    why = error;
    pending.clear();
    (void)database->internals().transact(Access::Write, kStage, [&](Connection &connection) {
        return removeRow(connection, entry.id);
    });
}

Outbox::Writer::Writer(std::unique_ptr<Private> d_) : d(std::move(d_)) {}

Outbox::Writer::~Writer() {
    if (d->stand == Private::Stand::Open) {
        d->abandon({});
    }
}

Result<void> Outbox::Writer::write(std::string_view bytes) {
    if (d->stand == Private::Stand::Done) {
        return fail("outbox.committed", kStage, Reaction::Bug);
    }
    if (d->stand == Private::Stand::Broken) {
        return fail(d->why);
    }
    while (!bytes.empty()) {
        // One byte at least stays pending: the last chunk has to be told from the others.
        if (d->pending.size() == kBatchSize) {
            if (auto flushed = d->flush(); !flushed) {
                d->abandon(flushed.error());
                return flushed;
            }
        }
        const auto piece = bytes.substr(0, kBatchSize - d->pending.size());
        d->pending += piece;
        bytes.remove_prefix(piece.size());
    }
    return {};
}

Result<std::int64_t> Outbox::Writer::commit() {
    if (d->stand == Private::Stand::Done) {
        return fail("outbox.committed", kStage, Reaction::Bug);
    }
    if (d->stand == Private::Stand::Broken) {
        return fail(d->why);
    }
    auto id = d->finish();
    if (!id) {
        d->abandon(id.error());
        return id;
    }
    d->stand = Private::Stand::Done;
    d->pending.clear();
    return id;
}

Outbox::Outbox(std::shared_ptr<Database> database, std::shared_ptr<const Clock> clock)
    : m_database(std::move(database)), m_clock(std::move(clock)) {}
Outbox::~Outbox() = default;

Result<std::unique_ptr<Outbox::Writer>> Outbox::add(const OutboxEntry &entry) {
    auto &internals = m_database->internals();
    OutboxRow row{entry, 0};
    row.entry.state = OutboxState::Writing;
    row.entry.created = m_clock->now();
    row.entry.changed = row.entry.created;
    row.entry.size = 0;
    row.entry.attempts = 0;
    const auto id = internals.transact(Access::Write, kStage, [&](Connection &connection) {
        return insertRow(connection, internals.box, row);
    });
    if (!id) {
        return fail(id.error());
    }
    row.entry.id = *id;
    auto d = std::make_unique<Writer::Private>();
    d->database = m_database;
    d->clock = m_clock;
    d->entry = row.entry;
    return std::unique_ptr<Writer>(new Writer(std::move(d)));
}

Result<void> Outbox::setState(std::int64_t id, OutboxState state, std::string_view lastError) {
    return move(*m_database, m_clock->now(), id, state, [&](OutboxEntry &entry) {
        if (!lastError.empty() || state == OutboxState::Accepted) {
            entry.lastError = lastError;
        }
    });
}

Result<void> Outbox::finish(std::int64_t id, const OutboxResult &result) {
    return move(*m_database, m_clock->now(), id, result.state, [&](OutboxEntry &entry) {
        entry.receiptJson = result.receiptJson;
        entry.lastError = result.lastError;
        entry.nextTry = result.nextTry.value_or(Time{});
        entry.settled.insert(entry.settled.end(), result.newlySettled.begin(),
                             result.newlySettled.end());
        entry.refused.insert(entry.refused.end(), result.newlyRefused.begin(),
                             result.newlyRefused.end());
    });
}

Result<void> Outbox::postpone(std::int64_t id, std::string_view lastError,
                              std::optional<Time> nextTry) {
    return note(*m_database, id, [&](OutboxEntry &entry) -> Result<void> {
        if (entry.state != OutboxState::Queued && entry.state != OutboxState::Deferred) {
            return fail("outbox.not-waiting", kStage, Reaction::FixInput, toString(entry.state));
        }
        entry.state = OutboxState::Deferred;
        entry.changed = m_clock->now();
        entry.lastError = lastError;
        entry.nextTry = nextTry.value_or(Time{});
        return {};
    });
}

Result<void> Outbox::markCopied(std::int64_t id) {
    return note(*m_database, id, [](OutboxEntry &entry) -> Result<void> {
        entry.copied = true;
        return {};
    });
}

Result<void> Outbox::postponeCopy(std::int64_t id, Time next) {
    return note(*m_database, id, [next](OutboxEntry &entry) -> Result<void> {
        entry.copyTries += 1;
        entry.nextCopy = next;
        return {};
    });
}

Result<std::vector<OutboxEntry>> Outbox::list() const {
    auto &internals = m_database->internals();
    return entriesOf(internals.transact(Access::Read, kStage, [&](Connection &connection) {
        return readRows(connection, internals.box);
    }));
}

Result<std::vector<OutboxEntry>> Outbox::open() const {
    auto &internals = m_database->internals();
    return entriesOf(internals.transact(Access::Read, kStage, [&](Connection &connection) {
        return readOpenRows(connection, internals.box);
    }));
}

Result<std::vector<OutboxEntry>> Outbox::page(std::optional<std::int64_t> before, int most) const {
    auto &internals = m_database->internals();
    const auto end = before.value_or(std::numeric_limits<std::int64_t>::max());
    return entriesOf(internals.transact(Access::Read, kStage, [&](Connection &connection) {
        return readPage(connection, internals.box, end, most);
    }));
}

Result<std::int64_t> Outbox::removeSettled(Time before) {
    const auto days = std::chrono::floor<std::chrono::days>(before).time_since_epoch().count();
    return m_database->internals().transact(
        Access::Write, kStage, [&](Connection &connection) -> Result<std::int64_t> {
            auto removed = connection.run(QStringLiteral("DELETE FROM outbox WHERE settled < ?"),
                                          kStage, {static_cast<qint64>(days)});
            const auto count = removed
                                   ? connection.value(QStringLiteral("SELECT changes()"), kStage)
                                   : fail(removed.error());
            return count ? Result<std::int64_t>(count->toLongLong()) : fail(count.error());
        });
}

Result<OutboxEntry> Outbox::entry(std::int64_t id) const {
    auto &internals = m_database->internals();
    auto row = internals.transact(Access::Read, kStage, [&](Connection &connection) {
        return readRow(connection, internals.box, id);
    });
    if (!row) {
        return fail(row.error());
    }
    return std::move(row->entry);
}

Result<std::unique_ptr<base::ByteSource>> Outbox::message(std::int64_t id) const {
    auto &internals = m_database->internals();
    const auto row = internals.transact(Access::Read, kStage, [&](Connection &connection) {
        return readRow(connection, internals.box, id);
    });
    if (!row) {
        return fail(row.error());
    }
    if (row->entry.state == OutboxState::Writing) {
        return fail("outbox.incomplete", kStage, Reaction::Bug, {}, std::to_string(id));
    }
    return std::make_unique<ChunkSource>(m_database, id, row->chunks, row->entry.size);
}

Result<void> Outbox::remove(std::int64_t id) {
    return m_database->internals().transact(
        Access::Write, kStage, [&](Connection &connection) { return removeRow(connection, id); });
}

Result<bool> Outbox::needsRecovery() {
    auto &internals = m_database->internals();
    return internals.transact(
        Access::Read, kStage, [&internals](Connection &connection) -> Result<bool> {
            const auto rows = readOpenRows(connection, internals.box);
            if (!rows) {
                return fail(rows.error());
            }
            return std::any_of(rows->begin(), rows->end(), [](const OutboxRow &row) {
                return row.entry.state == OutboxState::Writing ||
                       row.entry.state == OutboxState::Submitting ||
                       row.entry.state == OutboxState::Committing;
            });
        });
}

Result<std::vector<OutboxEntry>> Outbox::recover() {
    auto &internals = m_database->internals();
    using Entries = std::vector<OutboxEntry>;
    return internals.transact(
        Access::Write, kStage, [&](Connection &connection) -> Result<Entries> {
            auto rows = readOpenRows(connection, internals.box);
            if (!rows) {
                return fail(rows.error());
            }
            Entries done;
            for (auto &row : *rows) {
                auto &entry = row.entry;
                Result<void> changed;
                if (entry.state == OutboxState::Writing) {
                    changed = removeRow(connection, entry.id);
                } else if (entry.state == OutboxState::Submitting ||
                           entry.state == OutboxState::Committing) {
                    entry.state = entry.state == OutboxState::Submitting ? OutboxState::Queued
                                                                         : OutboxState::Uncertain;
                    entry.changed = m_clock->now();
                    changed = updateRow(connection, internals.box, row);
                } else if (entry.state == OutboxState::Accepted ||
                           entry.state == OutboxState::Failed) {
                    // Ended before there was a column that says so: it gets its day now.
                    if (auto noted = updateRow(connection, internals.box, row); !noted) {
                        return fail(noted.error());
                    }
                    continue;
                } else {
                    continue;
                }
                if (!changed) {
                    return fail(changed.error());
                }
                done.push_back(std::move(entry));
            }
            return done;
        });
}

} // namespace sealpost::store
