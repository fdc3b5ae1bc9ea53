// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/FileCollector.h"

#include "cli/Text.h"

#include <algorithm>
#include <system_error>

namespace sealpost::cli {

namespace {

namespace fs = std::filesystem;

void skip(Collected &into, const fs::path &path, const char *why) {
    into.skipped.push_back({pathText(path).toStdString(), why});
}

void addEntry(Collected &into, const fs::directory_entry &entry, std::vector<fs::path> &folders) {
    std::error_code error;
    const auto type = entry.symlink_status(error).type();
    if (error) {
        skip(into, entry.path(), "unreadable");
    } else if (type == fs::file_type::symlink) {
        skip(into, entry.path(), "symlink");
    } else if (type == fs::file_type::directory) {
        folders.push_back(entry.path());
    } else if (type == fs::file_type::regular) {
        into.files.push_back(entry.path());
    } else {
        skip(into, entry.path(), "not-a-file");
    }
}

} // namespace

Collected collectFiles(const fs::path &path, const std::stop_token &stop) {
    Collected collected;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        collected.files.push_back(path);
        return collected;
    }
    std::vector<fs::path> folders{path};
    while (!folders.empty() && !stop.stop_requested()) {
        const auto folder = folders.back();
        folders.pop_back();
        fs::directory_iterator entries(folder, error);
        while (!error && entries != fs::directory_iterator()) {
            addEntry(collected, *entries, folders);
            entries.increment(error);
        }
        if (error) {
            skip(collected, folder, "unreadable");
        }
    }
    std::sort(collected.files.begin(), collected.files.end());
    return collected;
}

} // namespace sealpost::cli
