// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Unpacker.h"

#include <QString>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <memory>
#include <optional>

namespace sealpost::scan {

namespace {

constexpr std::size_t kChunk = std::size_t{256} * 1024;
constexpr ByteCount kRatioMatters = 16 * base::kMiB; //!< small files of zeros are common

struct ReaderDeleter {
    void operator()(archive *reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, ReaderDeleter>;

//! Only what is decoded inside this process: libarchive's other filters start programs.
Reader openReader(std::string_view bytes) {
    Reader reader(archive_read_new());
    constexpr std::array kSupport = {
        archive_read_support_filter_gzip,     archive_read_support_filter_bzip2,
        archive_read_support_filter_xz,       archive_read_support_filter_lzma,
        archive_read_support_filter_zstd,     archive_read_support_filter_lz4,
        archive_read_support_filter_compress, archive_read_support_format_tar,
        archive_read_support_format_zip,      archive_read_support_format_7zip,
        archive_read_support_format_rar,      archive_read_support_format_rar5,
        archive_read_support_format_cpio,     archive_read_support_format_ar,
        archive_read_support_format_cab,      archive_read_support_format_raw};
    for (const auto support : kSupport) {
        support(reader.get());
    }
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
        return nullptr;
    }
    return reader;
}

std::string pathOf(archive_entry *entry) {
    if (const char *utf8 = archive_entry_pathname_utf8(entry)) {
        return utf8;
    }
    return QString::fromUtf8(archive_entry_pathname(entry)).toStdString();
}

bool isRaw(archive *reader) {
    return archive_format(reader) == ARCHIVE_FORMAT_RAW;
}

//! The raw format takes anything; without a filter it only says that nothing was recognised.
bool isUnrecognised(archive *reader) {
    return isRaw(reader) && archive_filter_code(reader, 0) == ARCHIVE_FILTER_NONE;
}

class Unpacking {
public:
    Unpacking(std::string_view bytes, Budget &budget, const Patience &patience,
              const UnpackVisitor &visitor)
        : m_size(bytes.size()), m_reader(openReader(bytes)), m_budget(budget), m_patience(patience),
          m_visitor(visitor) {}

    Result<void> run() {
        if (!m_reader) {
            m_visitor.skip({}, "damaged");
            return {};
        }
        while (!m_over) {
            if (auto patient = m_patience.check(); !patient) {
                return patient;
            }
            archive_entry *entry = nullptr;
            const int status = archive_read_next_header(m_reader.get(), &entry);
            if (status == ARCHIVE_EOF) {
                return {};
            }
            if (status < ARCHIVE_WARN || isUnrecognised(m_reader.get())) {
                m_visitor.skip({}, whyUnreadable());
                return {};
            }
            if (auto visited = visit(entry); !visited) {
                return visited;
            }
        }
        return {};
    }

private:
    std::string_view whyUnreadable() const {
        return archive_read_has_encrypted_entries(m_reader.get()) > 0 ? "encrypted" : "damaged";
    }

    Result<void> visit(archive_entry *entry) {
        const bool file = archive_entry_filetype(entry) == AE_IFREG || isRaw(m_reader.get());
        if (!file || archive_entry_hardlink(entry) != nullptr) {
            return {};
        }
        const auto path = isRaw(m_reader.get()) ? std::string() : pathOf(entry);
        const auto &limits = m_budget.limits;
        if (m_budget.items >= limits.items) {
            m_visitor.skip({}, "too-many-items");
            m_over = true;
            return {};
        }
        if (archive_entry_is_encrypted(entry) != 0) {
            m_visitor.skip(path, "encrypted");
            return {};
        }
        const bool sized = archive_entry_size_is_set(entry) != 0;
        if (sized && static_cast<ByteCount>(archive_entry_size(entry)) > limits.itemBytes) {
            m_visitor.skip(path, "too-large");
            return {};
        }
        return readAndTake(path);
    }

    Result<void> readAndTake(const std::string &path) {
        std::string bytes;
        std::string_view why;
        while (why.empty()) {
            if (auto patient = m_patience.check(); !patient) {
                return patient;
            }
            const auto before = bytes.size();
            bytes.resize(before + kChunk);
            const auto count = archive_read_data(m_reader.get(), bytes.data() + before, kChunk);
            bytes.resize(before + (count > 0 ? static_cast<std::size_t>(count) : 0));
            if (count == 0) {
                break;
            }
            m_unpacked += bytes.size() - before;
            m_budget.bytes += bytes.size() - before;
            why = count < 0 ? whyUnreadable() : whyTooMuch(bytes.size());
        }
        if (!why.empty()) {
            m_visitor.skip(path, why);
        }
        // What came out of a damaged or an oversized entry is looked at all the same.
        return bytes.empty() && !why.empty() ? Result<void>{} : m_visitor.take(path, bytes);
    }

    std::string_view whyTooMuch(std::size_t itemSize) {
        const auto &limits = m_budget.limits;
        if (m_unpacked > kRatioMatters && m_unpacked / limits.ratio > m_size) {
            m_over = true;
            return "suspicious-ratio";
        }
        if (m_budget.bytes > limits.totalBytes) {
            m_over = true;
            return "too-large";
        }
        return itemSize > limits.itemBytes ? "too-large" : std::string_view();
    }

    std::size_t m_size;
    Reader m_reader;
    Budget &m_budget;
    const Patience &m_patience;
    const UnpackVisitor &m_visitor;
    ByteCount m_unpacked = 0;
    bool m_over = false; //!< a bound on the whole archive was passed
};

} // namespace

Result<void> unpack(std::string_view archive, Budget &budget, const Patience &patience,
                    const UnpackVisitor &visitor) {
    return Unpacking(archive, budget, patience, visitor).run();
}

} // namespace sealpost::scan
