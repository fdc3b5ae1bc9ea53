// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ModuleEntry.h"
#include "scan/ArchiveModule.h"
#include "scan/archive/Decompression.h"

#include <QString>
#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace sealpost::scan::libarchive {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kEntriesForEachItem = 5; //!< a folder here and there is usual
constexpr std::size_t kLongRun = 4096;           //!< of one byte

enum class Formats {
    All,
    AllInSteps, //!< a zip is read from its start, and not by the list at its end
    RawAlone,   //!< no archive: what is there is one thing
};

//! By the list at its end libarchive keeps some 200 bytes for each thing in a zip. Of one with more
//! than are looked into, that is of no use.
bool hasTooLongList(std::string_view zip, std::uint64_t most) {
    constexpr auto kListed = "PK\1\2"sv;
    constexpr std::size_t kSmallest = 46;
    if (zip.size() / kSmallest <= most) {
        return false;
    }
    std::uint64_t count = 0;
    for (auto at = zip.find(kListed); at != std::string_view::npos && count <= most;
         at = zip.find(kListed, at + kSmallest)) {
        ++count;
    }
    return count > most;
}

std::uint32_t numberAt(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

//! Whether the record that ends a zip is there (APPNOTE 4.3.16). The last one may be that of a zip
//! inside, where the end of this one was cut off: its list is not where it says.
bool endsWithItsRecord(std::string_view zip) {
    constexpr std::size_t kRecord = 22;
    constexpr std::size_t kLongestComment = 0xFFFF;
    const auto tail = zip.substr(zip.size() - std::min(zip.size(), kRecord + kLongestComment));
    const auto at = tail.rfind("PK\5\6"sv);
    if (at == std::string_view::npos || tail.size() - at < kRecord) {
        return false;
    }
    const std::uint64_t size = numberAt(tail, at + 12);
    const std::uint64_t start = numberAt(tail, at + 16);
    // Numbers that are too large stand elsewhere (zip64), or count from before the zip (a
    // program's).
    const bool reaches = start + size >= zip.size() - tail.size() + at;
    return reaches || zip.substr(start).starts_with("PK\1\2"sv);
}

Formats formatsFor(std::string_view bytes, const Decompression &compressed,
                   const ScanLimits &limits) {
    if (compressed.startsWithZeros()) {
        return Formats::RawAlone;
    }
    const bool listServes =
        endsWithItsRecord(bytes) && !hasTooLongList(bytes, limits.items * kEntriesForEachItem);
    return !bytes.starts_with("PK"sv) || listServes ? Formats::All : Formats::AllInSteps;
}

//! `compressed`: what is read comes out of it, and not out of `bytes`; it outlives the reader.
ArchivePtr openReader(std::string_view bytes, Decompression &compressed, Formats formats) {
    ArchivePtr reader(archive_read_new());
    archive_read_support_format_raw(reader.get());
    if (formats != Formats::RawAlone) {
        const auto zip = formats == Formats::All ? archive_read_support_format_zip
                                                 : archive_read_support_format_zip_streamable;
        const std::array kSupport = {
            archive_read_support_format_tar,  zip,
            archive_read_support_format_7zip, archive_read_support_format_rar,
            archive_read_support_format_rar5, archive_read_support_format_cpio,
            archive_read_support_format_ar,   archive_read_support_format_cab};
        for (const auto support : kSupport) {
            support(reader.get());
        }
        // Else what stands behind the mark of its end would be passed over without a word.
        archive_read_set_format_option(reader.get(), "tar", "read_concatenated_archives", "1");
    }
    if (!compressed.isCompressed()) {
        return archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) == ARCHIVE_OK
                   ? std::move(reader)
                   : nullptr;
    }
    const auto next = [](archive *into, void *from, const void **block) -> la_ssize_t {
        auto &source = *static_cast<Decompression *>(from);
        const auto taken = source.next();
        if (taken.empty() && source.failed()) {
            archive_set_error(into, EINVAL, "what is inside can't be decompressed");
            return -1;
        }
        *block = taken.data();
        return static_cast<la_ssize_t>(taken.size());
    };
    return archive_read_open(reader.get(), &compressed, nullptr, next, nullptr) == ARCHIVE_OK
               ? std::move(reader)
               : nullptr;
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

bool isOneByte(std::string_view bytes) {
    return std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

//! Lines are counted: their ends are kept.
bool isMoreOfTheSame(std::string_view bytes, std::string_view part) {
    return part.size() >= kLongRun && bytes.size() >= kLongRun && part.front() != '\n' &&
           part.front() == bytes.back() && isOneByte(part) &&
           isOneByte(bytes.substr(bytes.size() - kLongRun));
}

class Unpacking {
public:
    Unpacking(std::string_view bytes, Budget &budget, const Patience &patience,
              const UnpackVisitor &visitor)
        : m_bytes(bytes), m_size(bytes.size()), m_compressed(bytes, budget.limits, patience),
          m_reader(openReader(bytes, m_compressed, formatsFor(bytes, m_compressed, budget.limits))),
          m_budget(budget), m_patience(patience), m_visitor(visitor) {}

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
                if (isCutOff()) {
                    m_visitor.skip({}, "damaged");
                }
                return {};
            }
            if (auto patient = m_patience.check(); !patient) {
                return patient; // it was lost while what is inside was decompressed
            }
            if (status < ARCHIVE_WARN || status == ARCHIVE_RETRY || isUnrecognised()) {
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
        if (m_compressed.isCompressed()) {
            m_patience.reached(m_compressed.consumed(), m_size);
            return;
        }
        const auto read = archive_filter_bytes(m_reader.get(), -1);
        m_patience.reached(read > 0 ? static_cast<std::size_t>(read) : 0, m_size);
    }

    //! The raw format takes anything: of what was not compressed it says that it is nothing known.
    bool isUnrecognised() const { return isRaw(m_reader.get()) && !m_compressed.isCompressed(); }

    //! Nobody knows what else it had.
    bool isCutOff() const {
        const auto format = archive_format(m_reader.get()) & ARCHIVE_FORMAT_BASE_MASK;
        return format == ARCHIVE_FORMAT_ZIP && !m_compressed.isCompressed() &&
               !endsWithItsRecord(m_bytes);
    }

    std::string_view whyUnreadable() const {
        if (!m_compressed.stopped().empty()) {
            return m_compressed.stopped();
        }
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
        m_length = 0;
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

    //! Empty where all is well. Of long runs of one byte, and of the holes of a sparse file, the
    //! start is kept: they say nothing, and are what bombs are made of.
    std::string_view append(std::string &bytes, std::string_view part, la_int64_t offset) {
        const auto at = offset < 0 ? m_length : static_cast<std::size_t>(offset);
        if (at > m_budget.limits.itemBytes) {
            return "too-large";
        }
        if (at > m_length) {
            const auto hole = at - m_length;
            m_unpacked += hole;
            m_budget.bytes += hole;
            m_length = at;
            if (const auto why = whyTooMuch(at); !why.empty()) {
                return why;
            }
            bytes.append(std::min(hole, kLongRun), '\0');
        }
        if (!isMoreOfTheSame(bytes, part)) {
            bytes.append(part);
        }
        m_length += part.size();
        return whyTooMuch(m_length);
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

    std::string_view m_bytes;
    std::size_t m_size;
    Decompression m_compressed;
    ArchivePtr m_reader; //!< reads out of what is above
    Budget &m_budget;
    const Patience &m_patience;
    const UnpackVisitor &m_visitor;
    ByteCount m_unpacked = 0;
    std::size_t m_length = 0; //!< of the entry so far, with what of it is not kept
    std::uint64_t m_entries = 0;
    bool m_over = false; //!< a bound on the whole archive was passed
};

Result<void> unpack(std::string_view archive, Budget &budget, const Patience &patience,
                    const UnpackVisitor &visitor) {
    return Unpacking(archive, budget, patience, visitor).run();
}

constexpr ArchiveModule kTable{unpack};

} // namespace

} // namespace sealpost::scan::libarchive

SEALPOST_MODULE(sealpost::scan::libarchive::kTable)
