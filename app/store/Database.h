// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "crypto/SealedBox.h"

#include <filesystem>
#include <memory>

namespace sealpost::store {

//! One profile's SQLite file. Any thread: each has a connection of its own.
//! Errors of everything that stands on it: AskAdmin "store.full" (no space left), "store.damaged",
//! "store.unwritable" (or the device fails), Retry "store.locked" (another program writes and does
//! not end), Bug "store.sql"; nothing of a failed transaction stays. Needs a QCoreApplication.
class Database {
public:
    //! Opens or makes the file, checks it and brings it to this program's version; a copy is kept
    //! beside it before a migration. AskAdmin "store.damaged", "store.newer" (made by a later
    //! version: left untouched), "store.unwritable", "store.wrong-key" (the key does not open what
    //! is in it), "store.no-driver"; Retry "store.locked"; Bug "store.key-size". Error::subject is
    //! the file. A file that is there is never replaced, be it empty or of another program.
    [[nodiscard]] static Result<std::shared_ptr<Database>> open(const std::filesystem::path &file,
                                                                SecretBytes key);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    [[nodiscard]] const crypto::SealedBox &box() const;

    //! A copy of all of it as it is now, in a new file for its owner alone; under the same key.
    [[nodiscard]] Result<void> copyTo(const std::filesystem::path &copy);

    //! Brings what the write-ahead log holds into the file and empties the log, so that nothing of
    //! what was removed or sealed anew stays in it. Where another connection is reading, the log is
    //! emptied at a later call.
    [[nodiscard]] Result<void> settle();

    struct Private;
    [[nodiscard]] Private &internals() { return *d; }

private:
    explicit Database(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::store
