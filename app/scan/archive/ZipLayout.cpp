// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/archive/ZipLayout.h"

#include "scan/LittleEndian.h"

#include <algorithm>
#include <array>

namespace sealpost::scan::libarchive {

namespace {

using namespace std::string_view_literals;

constexpr auto kLocal = "PK\3\4"sv;    // APPNOTE 4.3.7
constexpr auto kListed = "PK\1\2"sv;   // 4.3.12
constexpr auto kEnd64 = "PK\6\6"sv;    // 4.3.14
constexpr auto kTo64 = "PK\6\7"sv;     // 4.3.15
constexpr auto kEnd = "PK\5\6"sv;      // 4.3.16
constexpr auto kBehind = "PK\7\x08"sv; // 4.3.9, sizes behind the data
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kListedSize = 46;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kTo64Size = 20;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kTail =
    std::size_t{16} * 1024; //!< in which libarchive looks for the end's record
constexpr std::uint64_t kElsewhere = 0xFFFFFFFF;
constexpr std::uint64_t kSizesBehind = 1U << 3U; //!< a flag, 4.4.4
constexpr std::uint64_t kExtra64 = 1;            //!< 4.5.3
constexpr std::size_t kUsualExtra = 128;         //!< times, owners and sizes need less

struct Range {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};

struct EndRecord {
    std::size_t at = 0;
    std::uint64_t list = 0; //!< where it says that the list begins
};

std::string_view slice(std::string_view bytes, const Range &range) {
    const auto from = std::min<std::uint64_t>(range.from, bytes.size());
    const auto to = std::clamp<std::uint64_t>(range.to, from, bytes.size());
    return bytes.substr(from, to - from);
}

bool saysNothing(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == std::string_view::npos;
}

//! The last one, where it makes sense.
std::optional<EndRecord> endOf(std::string_view zip) {
    if (zip.size() < kEndSize) {
        return std::nullopt;
    }
    const auto tail = zip.size() - std::min(zip.size(), kTail);
    const auto found = zip.substr(tail).rfind(kEnd, zip.size() - tail - kEndSize);
    if (found == std::string_view::npos || tail + found == 0) {
        return std::nullopt;
    }
    const auto at = tail + found;
    const auto disk = littleAt(zip, at + 4, 2);
    const auto list = littleAt(zip, at + 16, 4);
    const bool sound = disk == 0 && littleAt(zip, at + 6, 2) == disk &&
                       littleAt(zip, at + 8, 2) == littleAt(zip, at + 10, 2) &&
                       list + littleAt(zip, at + 12, 4) <= at;
    // Numbers that don't fit stand in another record before it.
    const auto to64 = at - std::min(at, kTo64Size);
    const auto end64 = littleAt(zip, to64 + 8, 8);
    if (slice(zip, {to64, at}).starts_with(kTo64) && slice(zip, {end64, at}).starts_with(kEnd64)) {
        return EndRecord{at, littleAt(zip, end64 + 48, 8)};
    }
    return sound ? std::optional(EndRecord{at, list}) : std::nullopt;
}

//! Where the list begins: at the place that is said, or behind it where something was put before
//! the zip.
std::optional<std::uint64_t> listFrom(std::string_view zip, std::uint64_t said) {
    auto first = std::string_view::npos;
    for (const auto mark : std::array{kListed, kEnd64, kEnd}) {
        first = std::min(first, zip.substr(0, std::min(first, zip.size())).find(mark, said));
    }
    return first == std::string_view::npos ? std::nullopt : std::optional<std::uint64_t>(first);
}

//! One entry as the list has it.
class Listed {
public:
    Listed(std::string_view zip, std::uint64_t at) : m_zip(zip), m_at(at) {}

    [[nodiscard]] std::uint64_t end() const { return commentFrom() + number(32, 2); }
    [[nodiscard]] std::string_view comment() const { return slice(m_zip, {commentFrom(), end()}); }
    [[nodiscard]] std::string_view extra() const {
        return slice(m_zip, {extraFrom(), commentFrom()});
    }
    [[nodiscard]] std::uint64_t packedSize() const { return wide(20, 1); }
    [[nodiscard]] std::uint64_t localAt() const { return wide(42, 2); }

private:
    [[nodiscard]] std::uint64_t number(std::size_t offset, std::size_t size) const {
        return littleAt(m_zip, m_at + offset, size);
    }
    [[nodiscard]] std::uint64_t extraFrom() const { return m_at + kListedSize + number(28, 2); }
    [[nodiscard]] std::uint64_t commentFrom() const { return extraFrom() + number(30, 2); }

    //! A number of four bytes, or one of eight in the extra field, which has those that don't fit
    //! in the order: size, packed size, place.
    [[nodiscard]] std::uint64_t wide(std::size_t offset, int place) const {
        const auto value = number(offset, 4);
        if (value != kElsewhere) {
            return value;
        }
        const int before = (number(24, 4) == kElsewhere ? 1 : 0) +
                           (place > 1 && number(20, 4) == kElsewhere ? 1 : 0);
        for (auto rest = extra(); rest.size() >= 4;) {
            const auto size = littleAt(rest, 2, 2);
            if (littleAt(rest, 0, 2) == kExtra64) {
                return littleAt(rest, 4 + 8 * static_cast<std::uint64_t>(before), 8);
            }
            rest.remove_prefix(std::min<std::size_t>(4 + size, rest.size()));
        }
        return value;
    }

    std::string_view m_zip;
    std::uint64_t m_at;
};

class Layout {
public:
    explicit Layout(std::string_view zip) : m_zip(zip) {}

    //! From the list's first entry on; where it ends, if that is before `limit` and after `most`
    //! entries at most.
    std::optional<std::uint64_t> readList(std::uint64_t from, std::uint64_t shift,
                                          std::uint64_t limit, std::uint64_t most) {
        std::uint64_t count = 0;
        auto at = from;
        while (slice(m_zip, {at, limit}).starts_with(kListed)) {
            const Listed entry(m_zip, at);
            if (++count > most || entry.end() > limit) {
                return std::nullopt;
            }
            note(entry.comment());
            noteExtra(entry.extra());
            take(entry.localAt() + shift, entry.packedSize());
            at = entry.end();
        }
        return at;
    }

    void note(std::string_view text) {
        if (!saysNothing(text)) {
            m_layout.notes.push_back(text);
        }
    }

    void cover(Range range) { m_covered.push_back(range); }

    ZipLayout result() {
        std::sort(m_places.begin(), m_places.end());
        m_layout.entries = static_cast<std::uint64_t>(
            std::unique(m_places.begin(), m_places.end()) - m_places.begin());
        std::sort(m_covered.begin(), m_covered.end(),
                  [](const Range &a, const Range &b) { return a.from < b.from; });
        std::uint64_t reached = 0;
        for (const auto &range : m_covered) {
            leave({reached, range.from});
            reached = std::max(reached, range.to);
        }
        leave({reached, m_zip.size()});
        return std::move(m_layout);
    }

private:
    void noteExtra(std::string_view extra) {
        if (extra.size() > kUsualExtra) {
            note(extra);
        }
    }

    //! An entry's header and data. Where the two places that state its size differ, the smaller
    //! counts: what else there is, is left over.
    void take(std::uint64_t at, std::uint64_t listedSize) {
        m_places.push_back(at);
        if (!slice(m_zip, {at, m_zip.size()}).starts_with(kLocal)) {
            return; // libarchive says that it is damaged
        }
        const auto extraFrom = at + kLocalSize + littleAt(m_zip, at + 26, 2);
        const auto from = extraFrom + littleAt(m_zip, at + 28, 2);
        noteExtra(slice(m_zip, {extraFrom, from}));
        const auto localSize = littleAt(m_zip, at + 18, 4);
        const bool behind = (littleAt(m_zip, at + 6, 2) & kSizesBehind) != 0;
        const bool told = !behind && localSize != 0 && localSize != kElsewhere;
        const auto to = from + (told ? std::min(localSize, listedSize) : listedSize);
        cover({at, to + (behind ? sizesBehind(to) : 0)});
    }

    //! How long the sizes behind the data are (4.3.9): with a mark or without, of four bytes each
    //! or of eight; what comes next begins with a mark too.
    [[nodiscard]] std::uint64_t sizesBehind(std::uint64_t at) const {
        const auto bytes = slice(m_zip, {at, m_zip.size()});
        const std::uint64_t mark = bytes.starts_with(kBehind) ? 4 : 0;
        const bool wide = !slice(bytes, {mark + 12, bytes.size()}).starts_with("PK"sv) &&
                          slice(bytes, {mark + 20, bytes.size()}).starts_with("PK"sv);
        return mark + (wide ? 20 : 12);
    }

    void leave(const Range &range) {
        if (range.from >= range.to) {
            return;
        }
        const auto left = slice(m_zip, range);
        const auto entry = std::min(left.find(kLocal), left.size());
        for (const auto part : {left.substr(0, entry), left.substr(entry)}) {
            if (!saysNothing(part)) {
                m_layout.unlisted.push_back(part);
            }
        }
    }

    std::string_view m_zip;
    ZipLayout m_layout;
    std::vector<Range> m_covered;
    std::vector<std::uint64_t> m_places;
};

} // namespace

std::optional<ZipLayout> zipLayoutOf(std::string_view zip, std::uint64_t most) {
    const auto end = endOf(zip);
    const auto from = end ? listFrom(zip, end->list) : std::nullopt;
    if (!from) {
        return std::nullopt;
    }
    const auto shift = *from - end->list;
    Layout layout(zip);
    const auto to = layout.readList(*from, shift, end->at, most);
    if (!to) {
        return std::nullopt;
    }
    // Behind the list: the records that end it, and a comment that may be longer than there is.
    const auto behind = slice(zip, {*to, end->at});
    const bool has64 = behind.starts_with(kEnd64);
    const auto end64 = has64 ? std::min<std::uint64_t>(kEnd64Size + kTo64Size, behind.size()) : 0;
    layout.cover({*from, *to + end64});
    const auto commentFrom = end->at + kEndSize;
    const auto commentTo = commentFrom + littleAt(zip, end->at + 20, 2);
    layout.note(slice(zip, {commentFrom, commentTo}));
    layout.cover({end->at, commentTo});
    auto result = layout.result();
    const bool isInner = shift > 0 && zip.starts_with(kLocal) && !result.unlisted.empty() &&
                         result.unlisted.front().data() == zip.data();
    return isInner ? std::nullopt : std::optional(std::move(result));
}

} // namespace sealpost::scan::libarchive
