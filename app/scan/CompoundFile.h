// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: the streams of a compound file (MS-CFB): doc, xls, ppt, msg.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! Reads nothing that is not in the bytes, follows no chain twice, and gives up none of it for one
//! that is broken.
class CompoundFile {
public:
    struct Stream {
        std::string path; //!< UTF-8, storages and stream parted by '/'
        std::uint64_t size = 0;
        std::uint32_t start = 0;
    };

    //! None where its header or its tables can't be read. The bytes outlive it.
    [[nodiscard]] static std::optional<CompoundFile> open(std::string_view bytes);

    [[nodiscard]] std::size_t size() const { return m_bytes.size(); } //!< of the file
    [[nodiscard]] const std::vector<Stream> &streams() const { return m_streams; }
    //! Shorter than its size says where its chain ends before that.
    [[nodiscard]] std::string read(const Stream &stream) const;
    //! Whether it is a message of Outlook (MS-OXMSG).
    [[nodiscard]] bool isMessage() const;

private:
    using Table = std::vector<std::uint32_t>;

    explicit CompoundFile(std::string_view bytes) : m_bytes(bytes) {}
    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t size = 4) const;
    [[nodiscard]] std::string_view sector(std::uint32_t index) const;
    bool readTables();
    [[nodiscard]] std::string chain(std::uint32_t start, std::uint64_t most) const;
    void readDirectory(const std::string &entries);

    std::string_view m_bytes;
    std::size_t m_sectorSize = 0;
    std::size_t m_smallSize = 0;    //!< of a sector in m_small
    std::uint64_t m_smallBelow = 0; //!< streams below this size are in m_small
    Table m_next;                   //!< by sector: the one behind it
    Table m_nextSmall;
    std::string m_small;
    std::vector<Stream> m_streams;
};

} // namespace sealpost::scan
