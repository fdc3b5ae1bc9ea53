// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Scanner.h"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace sealpost::cli {

struct FileVisitor {
    std::function<void(const std::filesystem::path &)> take;
    std::function<void(scan::Skipped)> skip; //!< "symlink", "not-a-file", "unreadable"
};

//! Takes the file that a path names, or all files of a folder and its subfolders in order of name.
//! A symbolic link that is named is followed; one inside a folder is not, and neither are devices,
//! sockets and the like. No more than the names of the open folders is held.
void visitFiles(const std::filesystem::path &path, const std::stop_token &stop,
                const FileVisitor &visitor);

} // namespace sealpost::cli
