// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/SealedBox.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sealpost::runtime {

//! A file of named entries under a passphrase: a mark, a salt, then the entries as one stream in
//! boxes of AES-256-GCM, each bound to its position and to whether it is the last, so that a
//! missing, moved or cut piece shows. Memory: one box.
class ArchiveWriter {
public:
    //! A new file for its owner alone. FixInput "archive.unwritable" with the file as subject;
    //! keyFromPassphrase()'s errors.
    [[nodiscard]] static Result<std::unique_ptr<ArchiveWriter>>
    create(const std::filesystem::path &file, const SecretBytes &passphrase);
    //! Without finish(): removes the file.
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter &) = delete;
    ArchiveWriter &operator=(const ArchiveWriter &) = delete;

    [[nodiscard]] Result<void> add(std::string_view name, std::string_view bytes);
    //! FixInput "archive.unreadable-file" where it can't be read whole.
    [[nodiscard]] Result<void> addFile(std::string_view name, const std::filesystem::path &file);
    [[nodiscard]] Result<void> finish();

private:
    ArchiveWriter(std::filesystem::path file, SecretBytes key);
    [[nodiscard]] Result<void> write(std::string_view bytes);
    [[nodiscard]] Result<void> flush(std::string_view piece, std::string_view where);

    std::filesystem::path m_file;
    std::ofstream m_stream;
    crypto::SealedBox m_box;
    std::string m_pending;
    std::uint64_t m_position = 0;
    bool m_finished = false;
};

//! What takes an entry in; called once for each, before its bytes come.
using EntryTaker = std::function<Result<std::unique_ptr<base::ByteSink>>(const std::string &name,
                                                                         std::uint64_t size)>;

//! Reads all entries, in their order. FixInput "archive.unreadable" (none of ours, or damaged),
//! "archive.wrong-passphrase", the takers' errors. What a taker got before an error is to be thrown
//! away.
[[nodiscard]] Result<void> readArchive(const std::filesystem::path &file,
                                       const SecretBytes &passphrase, const EntryTaker &taker);

} // namespace sealpost::runtime
