// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Units.h"
#include "store/Database.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sealpost::store {

class Connection;

inline constexpr std::size_t kChunkSize = 256 * base::kKiB;

enum class ChunkPlace { Inner, Last };

//! Each chunk is bound to its message, its position and whether it is the last: one that is
//! missing, moved, of another message, or the end of a cut one shows.
[[nodiscard]] Result<void> insertChunk(Connection &connection, const crypto::SealedBox &box,
                                       std::int64_t entry, std::int64_t position, ChunkPlace where,
                                       std::string_view bytes);

//! Reads a message of `chunks` chunks and `size` bytes, one chunk in memory at a time.
class ChunkSource final : public base::ByteSource {
public:
    ChunkSource(std::shared_ptr<Database> database, std::int64_t entry, std::int64_t chunks,
                ByteCount size);
    [[nodiscard]] Result<std::size_t> read(std::span<char> into) override;

private:
    [[nodiscard]] Result<void> readNext();

    std::shared_ptr<Database> m_database;
    std::int64_t m_entry;
    std::int64_t m_chunks;
    ByteCount m_rest;
    std::int64_t m_position = 0;
    std::string m_chunk;
    std::size_t m_offset = 0;
};

} // namespace sealpost::store
