// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace sealpost::send {

//! By what a file can be told to be as it was, without reading it. Who can set a file's clock back
//! and keeps its size is not told: the executor reads all attachments again before it sends.
struct FileState {
    std::uint64_t size = 0;
    std::int64_t modified = 0; //!< milliseconds
    std::int64_t changed = 0;  //!< of content, name or rights; 0 where the system does not keep it
    friend bool operator==(const FileState &, const FileState &) = default;

    //! None where there is no plain file.
    [[nodiscard]] static std::optional<FileState> of(const std::filesystem::path &path);
};

} // namespace sealpost::send
