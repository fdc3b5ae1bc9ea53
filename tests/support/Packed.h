// SPDX-License-Identifier: GPL-3.0-or-later
// Archives in memory, for tests of what looks inside them.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sealpost::test {

using Files = std::vector<std::pair<std::string, std::string>>;
using Setup = std::function<void(archive *)>;

//! An archive in memory, made by libarchive's writer.
inline std::string packed(const Setup &setup, const Files &files) {
    std::size_t room = 256 * 1024;
    for (const auto &file : files) {
        room += file.second.size() + 4096;
    }
    std::string out(room, '\0');
    std::size_t used = 0;
    archive *writer = archive_write_new();
    setup(writer);
    archive_write_open_memory(writer, out.data(), out.size(), &used);
    for (const auto &[name, content] : files) {
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer, entry);
        archive_write_data(writer, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    out.resize(used);
    return out;
}

inline void zip(archive *writer) {
    archive_write_set_format_zip(writer);
}

//! As it is, not compressed.
inline void storedZip(archive *writer) {
    zip(writer);
    archive_write_zip_set_compression_store(writer);
}
inline void sevenZip(archive *writer) {
    archive_write_set_format_7zip(writer);
}
inline void tar(archive *writer) {
    archive_write_set_format_ustar(writer);
    archive_write_set_bytes_in_last_block(writer, 1);
}
inline void encryptedZip(archive *writer) {
    archive_write_set_format_zip(writer);
    archive_write_set_options(writer, "zip:encryption=zipcrypt");
    archive_write_set_passphrase(writer, "winter");
}
inline Setup raw(int (*filter)(archive *)) {
    return [filter](archive *writer) {
        archive_write_set_format_raw(writer);
        filter(writer);
    };
}
inline Setup tarWith(int (*filter)(archive *)) {
    return [filter](archive *writer) {
        tar(writer);
        filter(writer);
    };
}

} // namespace sealpost::test
