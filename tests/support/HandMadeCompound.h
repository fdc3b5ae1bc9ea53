// SPDX-License-Identifier: GPL-3.0-or-later
// Compound files (MS-CFB), version 3, with streams of the caller's choice.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sealpost::test {

class HandMadeCompound {
public:
    //! `path` has its storages and its stream parted by '/'.
    void add(const std::string &path, std::string content) {
        std::uint32_t folder = 0;
        std::size_t from = 0;
        for (auto to = path.find('/'); to != std::string::npos; to = path.find('/', from)) {
            folder = entry(folder, path.substr(from, to - from), kStorage);
            from = to + 1;
        }
        m_entries[entry(folder, path.substr(from), kStream)].content = std::move(content);
    }
    //! Every stream's size is told as `size` more than it is.
    void lieBy(std::uint64_t size) { m_lie = size; }

    [[nodiscard]] std::string bytes() {
        m_sectors.clear();
        m_next.clear();
        std::string small;
        std::string nextSmall;
        for (auto &one : m_entries) {
            if (one.type != kStream) {
                continue;
            }
            if (one.content.size() >= kSmallBelow) {
                one.start = place(one.content);
                continue;
            }
            one.start = static_cast<std::uint32_t>(small.size() / kSmall);
            for (std::size_t at = 0; at < one.content.size(); at += kSmall) {
                small += padded(one.content.substr(at, kSmall), kSmall);
                const auto index = static_cast<std::uint32_t>(small.size() / kSmall);
                nextSmall += number(at + kSmall < one.content.size() ? index : kEnd, 4);
            }
        }
        m_entries.front().content = small;
        m_entries.front().start = place(small);
        const auto smallTable = place(nextSmall);
        const auto directory = place(directoryBytes());
        return header(directory, smallTable) + table();
    }

private:
    static constexpr std::size_t kSector = 512;
    static constexpr std::size_t kSmall = 64;
    static constexpr std::size_t kSmallBelow = 4096;
    static constexpr std::uint32_t kEnd = 0xFFFFFFFE;
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;
    static constexpr int kStorage = 1;
    static constexpr int kStream = 2;
    static constexpr int kRoot = 5;

    struct Entry {
        std::string name;
        int type = kStorage;
        std::uint32_t right = kNone;
        std::uint32_t child = kNone;
        std::uint32_t start = kEnd;
        std::string content;
    };

    static std::string number(std::uint64_t value, std::size_t size) {
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) {
            bytes += static_cast<char>(value >> (8U * i) & 0xFFU);
        }
        return bytes;
    }
    static std::string padded(std::string bytes, std::size_t size, char with = '\0') {
        bytes.resize((bytes.size() + size - 1) / size * size, with);
        return bytes;
    }

    std::uint32_t entry(std::uint32_t folder, const std::string &name, int type) {
        auto *link = &m_entries[folder].child;
        while (*link != kNone && m_entries[*link].name != name) {
            link = &m_entries[*link].right;
        }
        if (*link == kNone) {
            *link = static_cast<std::uint32_t>(m_entries.size());
            const auto index = *link; // the link moves with the entries
            m_entries.push_back({name, type, kNone, kNone, kEnd, {}});
            return index;
        }
        return *link;
    }
    //! The first of the sectors that it takes.
    std::uint32_t place(const std::string &content) {
        const auto first = static_cast<std::uint32_t>(m_next.size());
        m_sectors += padded(content, kSector);
        const auto end = m_sectors.size() / kSector;
        while (m_next.size() < end) {
            m_next.push_back(static_cast<std::uint32_t>(m_next.size() + 1));
        }
        if (end > first) {
            m_next.back() = kEnd;
        }
        return end > first ? first : kEnd;
    }
    std::string directoryBytes() const {
        std::string all;
        for (const auto &one : m_entries) {
            std::string name;
            for (const char c : one.name) {
                name += c;
                name += '\0';
            }
            const auto lie = one.type == kStream ? m_lie : 0;
            all += padded(name + '\0', 64) + number(name.size() + 2, 2) +
                   number(static_cast<unsigned>(one.type), 1) + number(1, 1) + number(kNone, 4) +
                   number(one.right, 4) + number(one.child, 4) + std::string(36, '\0') +
                   number(one.start, 4) + number(one.content.size() + lie, 8);
        }
        return all;
    }
    std::string header(std::uint32_t directory, std::uint32_t smallTable) const {
        const auto tables = tableSectors();
        std::string head = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(16, '\0') +
                           number(0x3E, 2) + number(3, 2) + number(0xFFFE, 2) + number(9, 2) +
                           number(6, 2) + std::string(10, '\0') + number(tables, 4) +
                           number(directory, 4) + number(0, 4) + number(kSmallBelow, 4) +
                           number(smallTable, 4) + number(1, 4) + number(kEnd, 4) + number(0, 4);
        for (std::size_t i = 0; i < 109; ++i) {
            head += number(i < tables ? m_next.size() + i : kNone, 4);
        }
        return head + m_sectors;
    }
    [[nodiscard]] std::size_t tableSectors() const {
        return (m_next.size() + kSector / 4 - 1) / (kSector / 4 - 1);
    }
    std::string table() const {
        std::string all;
        for (const auto next : m_next) {
            all += number(next, 4);
        }
        return padded(all, tableSectors() * kSector, '\xFF');
    }

    std::vector<Entry> m_entries = {{"Root Entry", kRoot, kNone, kNone, kEnd, {}}};
    std::string m_sectors;
    std::vector<std::uint32_t> m_next;
    std::uint64_t m_lie = 0;
};

} // namespace sealpost::test
