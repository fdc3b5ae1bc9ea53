// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Gunzip.h"

#include <algorithm>
#include <libdeflate.h>
#include <memory>
#include <utility>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

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

bool isZlib(std::string_view bytes) {
    // Deflate in a window of 32 KiB, at a level that no letters would stand for.
    return bytes.starts_with("\x78\x01"sv) || bytes.starts_with("\x78\x9C"sv) ||
           bytes.starts_with("\x78\xDA"sv);
}

std::optional<Inflated> inflateZlib(std::string_view bytes, ByteCount limit) {
    constexpr ByteCount kFirstTry = ByteCount{64} * 1024;
    constexpr ByteCount kGrowth = 4;
    const std::unique_ptr<libdeflate_decompressor, DecompressorDeleter> decompressor(
        libdeflate_alloc_decompressor());
    Inflated none;
    for (auto size = std::min(limit, std::max(kFirstTry, kGrowth * bytes.size())); decompressor;
         size = std::min(limit, size * kGrowth)) {
        auto content = memoryFor(size, none);
        const auto result =
            content.bytes
                ? libdeflate_zlib_decompress(decompressor.get(), bytes.data(), bytes.size(),
                                             content.bytes.get(), size, &content.size)
                : LIBDEFLATE_BAD_DATA;
        if (result == LIBDEFLATE_SUCCESS) {
            return content;
        }
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE || size >= limit) {
            break;
        }
    }
    return std::nullopt;
}

std::string_view gzipHeaderText(std::string_view bytes) {
    constexpr std::size_t kHeader = 10;
    constexpr unsigned kExtra = 1U << 2U;
    constexpr unsigned kName = 1U << 3U;
    constexpr unsigned kComment = 1U << 4U;
    if (bytes.size() < kSmallestFile) {
        return {};
    }
    const unsigned flags = static_cast<unsigned char>(bytes[3]);
    std::size_t end = kHeader;
    if ((flags & kExtra) != 0) {
        end += 2 + static_cast<unsigned char>(bytes[kHeader]) +
               (static_cast<std::size_t>(static_cast<unsigned char>(bytes[kHeader + 1])) << 8U);
    }
    for (const unsigned field : {kName, kComment}) {
        if ((flags & field) != 0) {
            end = std::min(bytes.find('\0', end), bytes.size() - 1) + 1; // npos is the larger
        }
    }
    end = std::min(end, bytes.size());
    return bytes.substr(kHeader, end - kHeader);
}

} // namespace sealpost::scan
