// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/FileCollector.h"

#include "cli/Text.h"

#include <algorithm>
#include <system_error>
#include <vector>

namespace sealpost::cli {

namespace {

namespace fs = std::filesystem;

struct Entry {
    fs::path::string_type name;
    fs::file_type type = fs::file_type::none; //!< none: it can't be told
};

//! What stands in a folder, in order of name; sets `error` where that can't all be read.
std::vector<Entry> entriesOf(const fs::path &folder, std::error_code &error) {
    std::vector<Entry> entries;
    fs::directory_iterator at(folder, error);
    while (!error && at != fs::directory_iterator()) {
        std::error_code untold;
        const auto type = at->symlink_status(untold).type();
        entries.push_back({at->path().filename().native(), untold ? fs::file_type::none : type});
        at.increment(error);
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry &a, const Entry &b) { return a.name < b.name; });
    return entries;
}

void visitFolder(const fs::path &folder, const std::stop_token &stop, const FileVisitor &visitor) {
    const auto skip = [&](const fs::path &path, const char *why) {
        visitor.skip({pathText(path).toStdString(), why});
    };
    std::error_code error;
    for (const auto &[name, type] : entriesOf(folder, error)) {
        if (stop.stop_requested()) {
            return;
        }
        const auto path = folder / name;
        if (type == fs::file_type::none) {
            skip(path, "unreadable");
        } else if (type == fs::file_type::symlink) {
            skip(path, "symlink");
        } else if (type == fs::file_type::directory) {
            visitFolder(path, stop, visitor);
        } else if (type == fs::file_type::regular) {
            visitor.take(path);
        } else {
            skip(path, "not-a-file");
        }
    }
    if (error) {
        skip(folder, "unreadable");
    }
}

} // namespace

void visitFiles(const fs::path &path, const std::stop_token &stop, const FileVisitor &visitor) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
        visitFolder(path, stop, visitor);
    } else {
        visitor.take(path);
    }
}

} // namespace sealpost::cli
