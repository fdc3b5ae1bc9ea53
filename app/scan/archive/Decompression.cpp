// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/archive/Decompression.h"

#include <archive.h>
#include <array>
#include <utility>

namespace sealpost::scan::libarchive {

namespace {

constexpr std::size_t kTarBlock = 512;

//! Only what is decoded inside this process: libarchive's other filters start programs.
ArchivePtr openFilters(std::string_view bytes) {
    ArchivePtr reader(archive_read_new());
    constexpr std::array kSupport = {
        archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
        archive_read_support_filter_xz,   archive_read_support_filter_lzma,
        archive_read_support_filter_zstd, archive_read_support_filter_lz4,
        archive_read_support_filter_lzip, archive_read_support_filter_compress,
        archive_read_support_format_raw};
    for (const auto support : kSupport) {
        support(reader.get());
    }
    archive_entry *entry = nullptr;
    const bool begins =
        archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) == ARCHIVE_OK &&
        archive_filter_code(reader.get(), 0) != ARCHIVE_FILTER_NONE &&
        archive_read_next_header(reader.get(), &entry) >= ARCHIVE_WARN;
    return begins ? std::move(reader) : nullptr;
}

} // namespace

void ArchiveDeleter::operator()(archive *reader) const {
    archive_read_free(reader);
}

Decompression::Decompression(std::string_view bytes, const ScanLimits &limits,
                             const Patience &patience)
    : m_size(bytes.size()), m_reader(openFilters(bytes)), m_limits(limits), m_patience(patience),
      m_compressed(m_reader != nullptr) {
    if (m_compressed) {
        m_first = read();
    }
}

bool Decompression::startsWithZeros() const {
    const auto block = m_first.substr(0, kTarBlock);
    return !block.empty() && block.find_first_not_of('\0') == std::string_view::npos;
}

std::string_view Decompression::next() {
    return m_first.empty() ? read() : std::exchange(m_first, {});
}

std::string_view Decompression::read() {
    if (!m_reader || m_failed || !m_stopped.empty() || !m_patience.check()) {
        m_failed = true;
        return {};
    }
    const void *block = nullptr;
    std::size_t count = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(m_reader.get(), &block, &count, &offset);
    m_failed = status < ARCHIVE_WARN;
    if (m_failed || status == ARCHIVE_EOF) {
        return {};
    }
    m_out += count;
    if (m_out > kRatioMatters && m_out / m_limits.ratio > m_size) {
        m_stopped = "suspicious-ratio";
    } else if (m_out > m_limits.totalBytes) {
        m_stopped = "too-large";
    }
    return {static_cast<const char *>(block), count};
}

std::size_t Decompression::consumed() const {
    constexpr std::size_t kMark = 4;
    const auto count = archive_filter_bytes(m_reader.get(), -1);
    const auto read = count > 0 ? static_cast<std::size_t>(count) : 0;
    // For another frame's mark libarchive takes four bytes, whatever they are.
    const bool isPast = archive_filter_code(m_reader.get(), 0) == ARCHIVE_FILTER_LZ4 &&
                        read > kMark && read < m_size;
    return isPast ? read - kMark : read;
}

} // namespace sealpost::scan::libarchive
