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

constexpr std::uint64_t kEntriesForEachItem = 5;     //!< a folder here and there is usual
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
            tellProgress();
        }
        return {};
    }

private:
    void tellProgress() const {
        const auto read = archive_filter_bytes(m_reader.get(), -1);
        m_patience.reached(read > 0 ? static_cast<std::size_t>(read) : 0, m_size);
    }

    std::string_view whyUnreadable() const {
        return archive_read_has_encrypted_entries(m_reader.get()) > 0 ? "encrypted" : "damaged";
    }

    Result<void> visit(archive_entry *entry) {
        const auto &limits = m_budget.limits;
        // Folders and links count too: a million of them take their time.
        if (m_budget.items >= limits.items || ++m_entries > limits.items * kEntriesForEachItem) {
            m_visitor.skip({}, "too-many-items");
            m_over = true;
            return {};
        }
        if (holdsNothing(entry)) {
            return {};
        }
        const auto path = isRaw(m_reader.get()) ? std::string() : pathOf(entry);
        if (archive_entry_is_encrypted(entry) != 0) {
            m_visitor.skip(path, "encrypted");
            return {};
        }
        const bool sized = archive_entry_size_is_set(entry) != 0;
        const auto size = sized ? static_cast<ByteCount>(archive_entry_size(entry)) : ByteCount{0};
        if (size > limits.itemBytes) {
            m_visitor.skip(path, "too-large");
            return {};
        }
        return readAndTake(path, sized, size);
    }

    //! A folder, a link, a device: unless it has content all the same, or an archive says nothing
    //! of what it is.
    bool holdsNothing(archive_entry *entry) const {
        const auto type = archive_entry_filetype(entry);
        const bool file = type == AE_IFREG || type == 0 || isRaw(m_reader.get());
        return archive_entry_size(entry) == 0 &&
               (!file || archive_entry_hardlink(entry) != nullptr);
    }

    Result<void> readAndTake(const std::string &path, bool sized, ByteCount size) {
        std::string bytes;
        std::string_view why;
        while (why.empty()) {
            if (auto patient = m_patience.check(); !patient) {
                return patient;
            }
            const void *block = nullptr;
            std::size_t count = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(m_reader.get(), &block, &count, &offset);
            if (status == ARCHIVE_EOF) {
                why = bytes.empty() && size > 0 ? "damaged" : ""; // a size that lies
                break;
            }
            if (status < ARCHIVE_WARN) {
                why = whyUnreadable();
                break;
            }
            const std::string_view part(static_cast<const char *>(block), count);
            m_unpacked += count;
            m_budget.bytes += count;
            tellProgress();
            if (sized && bytes.empty() && offset == 0 && count == size) {
                why = whyTooMuch(count);
                if (!why.empty()) {
                    m_visitor.skip(path, why);
                }
                return m_visitor.take(path, part); // all at once: nothing needs to be copied
            }
            why = append(bytes, part, offset);
        }
        if (!why.empty()) {
            m_visitor.skip(path, why);
        }
        // What came out of a damaged or an oversized entry is looked at all the same.
        return bytes.empty() && !why.empty() ? Result<void>{} : m_visitor.take(path, bytes);
    }

    //! Empty where all is well. Holes of a sparse file are filled with zeros.
    std::string_view append(std::string &bytes, std::string_view part, la_int64_t offset) {
        const auto at = offset < 0 ? bytes.size() : static_cast<std::size_t>(offset);
        if (at > m_budget.limits.itemBytes) {
            return "too-large";
        }
        if (at > bytes.size()) {
            m_unpacked += at - bytes.size();
            m_budget.bytes += at - bytes.size();
            if (const auto why = whyTooMuch(at); !why.empty()) {
                return why;
            }
            bytes.resize(at);
        }
        bytes.append(part);
        return whyTooMuch(bytes.size());
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
    std::uint64_t m_entries = 0;
    bool m_over = false; //!< a bound on the whole archive was passed
};

} // namespace

Result<void> unpack(std::string_view archive, Budget &budget, const Patience &patience,
                    const UnpackVisitor &visitor) {
    return Unpacking(archive, budget, patience, visitor).run();
}

} // namespace sealpost::scan
