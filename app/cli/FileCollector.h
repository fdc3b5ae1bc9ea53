// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Scanner.h"

#include <filesystem>
#include <stop_token>
#include <vector>

namespace sealpost::cli {

//! The files that a path names.
struct Collected {
    std::vector<std::filesystem::path> files; //!< in order of name
    std::vector<scan::Skipped> skipped;       //!< "symlink", "not-a-file", "unreadable"
};

//! A file itself, or all files of a folder and its subfolders. A symbolic link that is named is
//! followed; one inside a folder is not, and neither are devices, sockets and the like: they are
//! listed as skipped.
[[nodiscard]] Collected collectFiles(const std::filesystem::path &path,
                                     const std::stop_token &stop);

} // namespace sealpost::cli
