// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: the compressions around a file, undone in steps and within bounds.
#pragma once

#include "base/Result.h"
#include "scan/Patience.h"
#include "scan/Scanner.h"

#include <memory>
#include <string_view>

struct archive;

namespace sealpost::scan::libarchive {

struct ArchiveDeleter {
    void operator()(archive *reader) const;
};
using ArchivePtr = std::unique_ptr<archive, ArchiveDeleter>;

inline constexpr ByteCount kRatioMatters = 16 * base::kMiB; //!< small files of zeros are common

//! What is in gzip, bzip2, xz, lzma, lzip, zstd, lz4 or compress, one in the other too. All that
//! comes out is counted here, before a format's reader could pass over it: libarchive takes any
//! amount of zeros for the end of a tar.
class Decompression {
public:
    Decompression(std::string_view bytes, const ScanLimits &limits, const Patience &patience);

    //! Whether it is compressed at all, and begins well.
    [[nodiscard]] bool isCompressed() const { return m_compressed; }
    //! Whether the first bytes that come out are zeros: no archive, whatever follows.
    [[nodiscard]] bool startsWithZeros() const;
    //! The next bytes; none at the end, and after a failure.
    [[nodiscard]] std::string_view next();
    [[nodiscard]] bool failed() const { return m_failed; }
    //! Why it was stopped: "suspicious-ratio", "too-large"; empty where it was not.
    [[nodiscard]] std::string_view stopped() const { return m_stopped; }
    //! Errors of the patience.
    [[nodiscard]] Result<void> check() const { return m_patience.check(); }
    //! How much of the compressed bytes was read.
    [[nodiscard]] std::size_t consumed() const;

private:
    std::string_view read();

    std::size_t m_size;
    ArchivePtr m_reader;
    const ScanLimits &m_limits;
    const Patience &m_patience;
    std::string_view m_first; //!< of the first block, until it is given out
    std::string_view m_stopped;
    ByteCount m_out = 0;
    bool m_compressed = false;
    bool m_failed = false;
};

} // namespace sealpost::scan::libarchive
