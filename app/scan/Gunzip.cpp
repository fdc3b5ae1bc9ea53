// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Gunzip.h"

#include <libdeflate.h>
#include <memory>
#include <utility>

namespace sealpost::scan {

namespace {

constexpr std::size_t kTrailer = 4;
constexpr std::size_t kSmallestFile = 18;
constexpr ByteCount kMostDense = 1032; //!< Deflate packs no denser

struct DecompressorDeleter {
    void operator()(libdeflate_decompressor *decompressor) const {
        libdeflate_free_decompressor(decompressor);
    }
};

//! What the end of the file says (RFC 1952 §2.3.1): its size, where it has one member.
ByteCount statedSize(std::string_view bytes) {
    ByteCount size = 0;
    for (std::size_t i = 0; i < kTrailer; ++i) {
        size = size << 8U | static_cast<unsigned char>(bytes[bytes.size() - 1 - i]);
    }
    return size;
}

//! The spare one where it is large enough.
Inflated memoryFor(std::size_t size, Inflated &spare) {
    Inflated memory;
    if (spare.bytes && spare.capacity >= size) {
        memory = std::exchange(spare, {});
    } else {
        spare = {};
        memory.bytes = largeMemory(size);
        memory.capacity = size;
    }
    memory.size = size;
    return memory;
}

} // namespace

std::optional<Inflated> gunzip(std::string_view bytes, ByteCount limit, Inflated &spare) {
    if (bytes.size() < kSmallestFile) {
        return std::nullopt;
    }
    const auto stated = statedSize(bytes);
    if (stated > limit || stated > bytes.size() * kMostDense) {
        return std::nullopt;
    }
    const std::unique_ptr<libdeflate_decompressor, DecompressorDeleter> decompressor(
        libdeflate_alloc_decompressor());
    auto content = memoryFor(stated, spare);
    if (!decompressor || !content.bytes) {
        return std::nullopt;
    }
    std::size_t used = 0;
    std::size_t made = 0;
    const auto result =
        libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                      content.bytes.get(), content.size, &used, &made);
    if (result != LIBDEFLATE_SUCCESS || used != bytes.size() || made != stated) {
        return std::nullopt;
    }
    return content;
}

} // namespace sealpost::scan
