// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/CompoundFile.h"

#include <QString>
#include <algorithm>
#include <utility>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeader = 512;
constexpr std::size_t kEntry = 128;
constexpr std::size_t kListed = 109;              //!< sectors of the table that the header names
constexpr std::uint32_t kLastSector = 0xFFFFFFFA; //!< what is above means something else
constexpr std::uint32_t kNoEntry = 0xFFFFFFFF;
constexpr std::size_t kMostStreams = 65'536;
constexpr int kStorage = 1;
constexpr int kStream = 2;
constexpr int kRoot = 5;

std::uint64_t numberIn(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0 && at + i < bytes.size();) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

//! An entry of the directory (MS-CFB §2.6.1).
struct Entry {
    std::string name;
    int type = 0;
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t child = 0;
    std::uint32_t start = 0;
    std::uint64_t size = 0;
};

Entry entryAt(std::string_view entries, std::size_t index) {
    const auto bytes = entries.substr(index * kEntry, kEntry);
    std::u16string name;
    const auto length = std::min<std::uint64_t>(numberIn(bytes, 64, 2), 64);
    for (std::size_t i = 0; i + 2 < length; i += 2) {
        const auto unit = static_cast<char16_t>(numberIn(bytes, i, 2));
        name += unit < 0x20 || unit == u'/' ? u'_' : unit;
    }
    return {QString::fromStdU16String(name).toStdString(),
            static_cast<int>(numberIn(bytes, 66, 1)),
            static_cast<std::uint32_t>(numberIn(bytes, 68, 4)),
            static_cast<std::uint32_t>(numberIn(bytes, 72, 4)),
            static_cast<std::uint32_t>(numberIn(bytes, 76, 4)),
            static_cast<std::uint32_t>(numberIn(bytes, 116, 4)),
            numberIn(bytes, 120, 8)};
}

std::vector<std::uint32_t> numbersIn(std::string_view bytes) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(bytes.size() / 4);
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
        numbers.push_back(static_cast<std::uint32_t>(numberIn(bytes, at, 4)));
    }
    return numbers;
}

} // namespace

std::uint32_t CompoundFile::number(std::size_t at, std::size_t size) const {
    return static_cast<std::uint32_t>(numberIn(m_bytes, at, size));
}

std::string_view CompoundFile::sector(std::uint32_t index) const {
    const auto at = (std::size_t{index} + 1) * m_sectorSize;
    return index < kLastSector && at < m_bytes.size() ? m_bytes.substr(at, m_sectorSize)
                                                      : std::string_view();
}

//! The sectors that follow each other from `start` on; no more of them than there are.
std::string CompoundFile::chain(std::uint32_t start, std::uint64_t most) const {
    std::string content;
    auto left = m_next.size();
    for (auto index = start; left > 0 && content.size() < most; --left) {
        const auto bytes = sector(index);
        if (bytes.empty() || index >= m_next.size()) {
            break;
        }
        content += bytes;
        index = m_next[index];
    }
    content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(content.size(), most)));
    return content;
}

//! The table of sectors (MS-CFB §2.3), whose own sectors the header and a chain behind it name.
bool CompoundFile::readTables() {
    const auto most = m_bytes.size() / m_sectorSize;
    Table named;
    for (std::size_t i = 0; i < kListed; ++i) {
        named.push_back(number(0x4C + 4 * i));
    }
    auto more = number(0x44);
    for (auto left = most; left > 0 && more < kLastSector; --left) {
        const auto list = numbersIn(sector(more));
        if (list.empty()) {
            break;
        }
        named.insert(named.end(), list.begin(), list.end() - 1);
        more = list.back();
    }
    for (const auto index : named) {
        if (index < kLastSector && m_next.size() < most) {
            const auto part = numbersIn(sector(index));
            m_next.insert(m_next.end(), part.begin(), part.end());
        }
    }
    m_nextSmall = numbersIn(chain(number(0x3C), m_bytes.size()));
    return !m_next.empty();
}

//! Its entries are trees of trees; each is entered once.
void CompoundFile::readDirectory(const std::string &entries) {
    const auto count = entries.size() / kEntry;
    const auto root = count > 0 ? entryAt(entries, 0) : Entry{};
    if (root.type != kRoot) {
        return;
    }
    m_small = chain(root.start, m_bytes.size());
    std::vector<bool> seen(count);
    std::vector<std::pair<std::uint32_t, std::string>> open = {{root.child, {}}};
    while (!open.empty() && m_streams.size() < kMostStreams) {
        const auto [index, folder] = std::move(open.back());
        open.pop_back();
        if (index == kNoEntry || index >= count || seen[index]) {
            continue;
        }
        seen[index] = true;
        const auto entry = entryAt(entries, index);
        open.emplace_back(entry.right, folder);
        open.emplace_back(entry.left, folder);
        if (entry.type == kStorage) {
            open.emplace_back(entry.child, folder + entry.name + '/');
        } else if (entry.type == kStream) {
            m_streams.push_back({folder + entry.name, entry.size, entry.start});
        }
    }
}

std::optional<CompoundFile> CompoundFile::open(std::string_view bytes) {
    CompoundFile file(bytes);
    const auto shift = file.number(0x1E, 2);
    const auto smallShift = file.number(0x20, 2);
    const bool known = bytes.size() >= kHeader && (shift == 9 || shift == 12) && smallShift == 6;
    if (!known) {
        return std::nullopt;
    }
    file.m_sectorSize = std::size_t{1} << shift;
    file.m_smallSize = std::size_t{1} << smallShift;
    file.m_smallBelow = file.number(0x38);
    if (!file.readTables()) {
        return std::nullopt;
    }
    file.readDirectory(file.chain(file.number(0x30), bytes.size()));
    return file.m_streams.empty() ? std::nullopt : std::optional(std::move(file));
}

std::string CompoundFile::read(const Stream &stream) const {
    const auto most = std::min<std::uint64_t>(stream.size & 0xFFFFFFFFU, m_bytes.size());
    if (most >= m_smallBelow) {
        return chain(stream.start, most);
    }
    std::string content;
    auto left = m_nextSmall.size();
    for (auto index = stream.start; left > 0 && content.size() < most; --left) {
        const auto at = std::size_t{index} * m_smallSize;
        if (index >= m_nextSmall.size() || at >= m_small.size()) {
            break;
        }
        content += std::string_view(m_small).substr(at, m_smallSize);
        index = m_nextSmall[index];
    }
    content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(content.size(), most)));
    return content;
}

bool CompoundFile::isMessage() const {
    return std::any_of(m_streams.begin(), m_streams.end(), [](const Stream &stream) {
        return stream.path == "__properties_version1.0"sv;
    });
}

} // namespace sealpost::scan
