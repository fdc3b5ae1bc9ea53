// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ModuleEntry.h"
#include "scan/ArchiveModule.h"
#include "scan/LittleEndian.h"
#include "scan/archive/Decompression.h"
#include "scan/archive/TarNotes.h"
#include "scan/archive/ZipLayout.h"

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
constexpr std::size_t kLongestNotes = 4 * base::kMiB;

enum class Formats {
    All,
    AllInSteps, //!< a zip is read from its start, and not by the list at its end
    Stream,     //!< a tar, or else one thing: what is compressed is not read by a list at its end
    RawAlone,   //!< no archive: what is there is one thing
};

Formats formatsFor(std::string_view bytes, const Decompression &compressed, bool hasList) {
    if (compressed.isCompressed()) {
        return compressed.startsWithZeros() ? Formats::RawAlone : Formats::Stream;
    }
    return hasList || !bytes.starts_with("PK"sv) ? Formats::All : Formats::AllInSteps;
}

void supportFormats(archive *reader, Formats formats) {
    archive_read_support_format_raw(reader);
    if (formats == Formats::RawAlone) {
        return;
    }
    archive_read_support_format_tar(reader);
    // Else what stands behind the mark of its end would be passed over without a word.
    archive_read_set_format_option(reader, "tar", "read_concatenated_archives", "1");
    if (formats == Formats::Stream) {
        return;
    }
    const auto zip = formats == Formats::All ? archive_read_support_format_zip
                                             : archive_read_support_format_zip_streamable;
    const std::array kSupport = {zip,
                                 archive_read_support_format_7zip,
                                 archive_read_support_format_rar,
                                 archive_read_support_format_rar5,
                                 archive_read_support_format_cpio,
                                 archive_read_support_format_ar,
                                 archive_read_support_format_cab};
    for (const auto support : kSupport) {
        support(reader);
    }
}

//! `compressed`: what is read comes out of it, and not out of `bytes`; it outlives the reader.
ArchivePtr openReader(std::string_view bytes, Decompression &compressed, Formats formats) {
    ArchivePtr reader(archive_read_new());
    supportFormats(reader.get(), formats);
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
          m_layout(zipLayoutOf(bytes, budget.limits.items * kEntriesForEachItem)),
          m_reader(openReader(bytes, m_compressed,
                              formatsFor(bytes, m_compressed, m_layout.has_value()))),
          m_budget(budget), m_patience(patience), m_visitor(visitor) {}

    Result<void> run() {
        if (!m_reader) {
            m_visitor.skip({}, "damaged");
            return {};
        }
        if (auto visited = visitEntries(); !visited) {
            return visited;
        }
        return m_over ? Result<void>{} : visitWhatIsBeside();
    }

private:
    Result<void> visitEntries() {
        while (!m_over) {
            if (auto patient = m_patience.check(); !patient) {
                return patient;
            }
            archive_entry *entry = nullptr;
            const int status = archive_read_next_header(m_reader.get(), &entry);
            if (status == ARCHIVE_EOF) {
                m_end = endOfFormat();
                if (lacksList()) {
                    m_visitor.skip({}, "damaged");
                }
                return {};
            }
            if (auto patient = m_patience.check(); !patient) {
                return patient; // it was lost while what is inside was decompressed
            }
            if (status < ARCHIVE_WARN || status == ARCHIVE_RETRY || isUnrecognised()) {
                m_end = m_entries > 0 ? position() : 0;
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

    //! What the archive says beside its files, and what stands in it where none of them lies: no
    //! program need show it, and it goes out all the same.
    Result<void> visitWhatIsBeside() {
        Result<void> visited;
        if (isZip() && m_layout) {
            for (const auto text : m_layout->notes) {
                note(text);
            }
            visited = visitUnlisted();
        } else if (m_end > 0) {
            auto rest = m_bytes.substr(std::min(m_end, m_size));
            rest.remove_prefix(
                std::min(rest.find_first_not_of('\0'), rest.size())); // to whole blocks
            visited = take("behind the end", rest);
        }
        return visited ? take("notes", m_notes) : visited;
    }

    Result<void> visitUnlisted() {
        constexpr auto kEntry = "PK\3\4"sv;
        constexpr std::size_t kSizes = 24; // libarchive wants to see as much behind an entry
        int number = 0;
        for (const auto piece : m_layout->unlisted) {
            if (piece.data() == m_bytes.data() && !piece.starts_with(kEntry)) {
                continue; // the file of another kind that the zip stands behind
            }
            const auto name = "unlisted " + std::to_string(++number);
            auto taken = piece.starts_with(kEntry)
                             ? take(name, std::string(piece).append(kSizes, '\0'))
                             : take(name, piece);
            if (!taken) {
                return taken;
            }
        }
        return {};
    }

    Result<void> take(const std::string &path, std::string_view bytes) {
        if (bytes.empty()) {
            return {};
        }
        if (m_budget.items >= m_budget.limits.items) {
            m_visitor.skip(path, "too-many-items");
            return {};
        }
        return m_visitor.take(path, bytes);
    }

    void note(std::string_view text) {
        if (m_notes.size() + text.size() > kLongestNotes) {
            m_visitor.skip("notes", "too-large");
            return;
        }
        m_notes.append(text).append(1, '\n');
    }

    [[nodiscard]] int format() const {
        return archive_format(m_reader.get()) & ARCHIVE_FORMAT_BASE_MASK;
    }
    [[nodiscard]] bool isZip() const {
        return format() == ARCHIVE_FORMAT_ZIP && !m_compressed.isCompressed();
    }

    //! How far the file itself was read.
    [[nodiscard]] std::size_t position() const {
        if (m_compressed.isCompressed()) {
            return m_compressed.consumed();
        }
        const auto read = archive_filter_bytes(m_reader.get(), 0);
        return read > 0 ? static_cast<std::size_t>(read) : 0;
    }

    //! Where what the format knows ends: two begin by saying where.
    [[nodiscard]] std::size_t endOfFormat() const {
        constexpr std::size_t kSevenZipHeader = 32;
        if (m_compressed.isCompressed()) {
            return position();
        }
        switch (format()) {
        case ARCHIVE_FORMAT_7ZIP:
            return kSevenZipHeader + littleAt(m_bytes, 12, 8) + littleAt(m_bytes, 20, 8);
        case ARCHIVE_FORMAT_CAB:
            return littleAt(m_bytes, 8, 4);
        default:
            return position();
        }
    }

    void tellProgress() const { m_patience.reached(position(), m_size); }

    //! The raw format takes anything: of what was not compressed it says that it is nothing known.
    bool isUnrecognised() const { return isRaw(m_reader.get()) && !m_compressed.isCompressed(); }

    //! Without a list that fits nobody knows what else it had.
    bool lacksList() const { return isZip() && (!m_layout || m_entries != m_layout->entries); }

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
        noteHeaders();
        if (holdsNothing(entry)) {
            noteLink(entry);
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

    void noteHeaders() {
        const auto from = archive_read_header_position(m_reader.get());
        if (format() == ARCHIVE_FORMAT_TAR && !m_compressed.isCompressed() && from >= 0) {
            const auto start = std::min(static_cast<std::size_t>(from), m_size);
            const auto end = std::clamp(position(), start, m_size);
            for (const auto note : tarNotesIn(m_bytes.substr(start, end - start))) {
                this->note(note);
            }
        }
    }

    //! A link that leads nowhere can hold a text like any file.
    void noteLink(archive_entry *entry) {
        const auto *utf8 = archive_entry_symlink_utf8(entry);
        const auto *target = utf8 != nullptr ? utf8 : archive_entry_symlink(entry);
        const std::string_view text = target != nullptr ? target : "";
        if (text.find_first_of(" \t\r\n=:"sv) != std::string_view::npos) {
            note(text);
        }
    }

    Result<void> readAndTake(const std::string &path, bool sized, ByteCount size) {
        std::string bytes;
        m_length = 0;
        std::string_view why;
        bool lies = false;
        while (why.empty()) {
            if (auto patient = m_patience.check(); !patient) {
                return patient;
            }
            const void *block = nullptr;
            std::size_t count = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(m_reader.get(), &block, &count, &offset);
            if (status == ARCHIVE_EOF) {
                why = lies || (bytes.empty() && size > 0) ? "damaged" : "";
                break;
            }
            if (status < ARCHIVE_WARN) {
                why = whyUnreadable();
                break;
            }
            lies = lies || status == ARCHIVE_WARN; // its size or its checksum is another one
            const std::string_view part(static_cast<const char *>(block), count);
            m_unpacked += count;
            m_budget.bytes += count;
            tellProgress();
            if (sized && bytes.empty() && offset == 0 && count == size) {
                why = lies ? "damaged" : whyTooMuch(count);
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
    std::optional<ZipLayout> m_layout; //!< of no use where the format is another one
    ArchivePtr m_reader;               //!< reads out of what is above
    Budget &m_budget;
    const Patience &m_patience;
    const UnpackVisitor &m_visitor;
    std::string m_notes;
    std::size_t m_end = 0; //!< of what was read, in the file
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
