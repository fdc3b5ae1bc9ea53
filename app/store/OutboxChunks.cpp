// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/OutboxChunks.h"

#include "store/DatabasePrivate.h"

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.outbox";

std::string chunkPlace(std::int64_t entry, std::int64_t position, ChunkPlace where) {
    return place("outbox_chunk", std::to_string(entry) + "/" + std::to_string(position),
                 where == ChunkPlace::Last ? "sealed-last" : "sealed-inner");
}

} // namespace

Result<void> insertChunk(Connection &connection, const crypto::SealedBox &box, std::int64_t entry,
                         std::int64_t position, ChunkPlace where, std::string_view bytes) {
    const auto sealed = box.seal(bytes, chunkPlace(entry, position, where));
    if (!sealed) {
        return fail(sealed.error());
    }
    return connection.run(
        QStringLiteral("INSERT INTO outbox_chunk (entry, position, sealed) VALUES (?, ?, ?)"),
        kStage, {static_cast<qint64>(entry), static_cast<qint64>(position), blob(*sealed)});
}

ChunkSource::ChunkSource(std::shared_ptr<Database> database, std::int64_t entry,
                         std::int64_t chunks, ByteCount size)
    : m_database(std::move(database)), m_entry(entry), m_chunks(chunks), m_rest(size) {}

Result<std::size_t> ChunkSource::read(std::span<char> into) {
    while (m_offset == m_chunk.size()) {
        if (m_position == m_chunks) {
            if (m_rest != 0) {
                return damaged(kStage, "length of message " + std::to_string(m_entry));
            }
            return 0;
        }
        if (auto got = readNext(); !got) {
            return fail(got.error());
        }
    }
    const auto count = m_chunk.copy(into.data(), into.size(), m_offset);
    m_offset += count;
    return count;
}

Result<void> ChunkSource::readNext() {
    auto &internals = m_database->internals();
    const auto connection = internals.pool->ofThisThread();
    if (!connection) {
        return fail(connection.error());
    }
    const auto sealed =
        (*connection)
            ->value(
                QStringLiteral("SELECT sealed FROM outbox_chunk WHERE entry = ? AND position = ?"),
                kStage, {static_cast<qint64>(m_entry), static_cast<qint64>(m_position)});
    if (!sealed) {
        return fail(sealed.error());
    }
    const auto where = m_position + 1 == m_chunks ? ChunkPlace::Last : ChunkPlace::Inner;
    auto opened = internals.box.open(sealed->toByteArray().toStdString(),
                                     chunkPlace(m_entry, m_position, where));
    if (!opened || opened->size() > m_rest) {
        return damaged(kStage, "chunk " + std::to_string(m_position) + " of message " +
                                   std::to_string(m_entry));
    }
    m_chunk = std::move(*opened);
    m_offset = 0;
    m_rest -= m_chunk.size();
    ++m_position;
    return {};
}

} // namespace sealpost::store
