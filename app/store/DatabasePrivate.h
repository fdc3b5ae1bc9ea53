// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Connection.h"
#include "store/Database.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace sealpost::store {

//! What the room's own classes use of a Database.
struct Database::Private {
    Private(std::filesystem::path file, SecretBytes key);

    std::filesystem::path file;
    crypto::SealedBox box;
    std::shared_ptr<ConnectionPool> pool;

    //! transact() on this thread's connection.
    template <class Work>
    [[nodiscard]] auto transact(Access access, std::string_view stage, Work work)
        -> std::invoke_result_t<Work, Connection &> {
        const auto connection = pool->ofThisThread();
        if (!connection) {
            return fail(connection.error());
        }
        return store::transact(**connection, access, stage, std::move(work));
    }
};

//! Binds a box to its place: "outbox/7/sealed".
[[nodiscard]] std::string place(std::string_view table, std::string_view row,
                                std::string_view column);

} // namespace sealpost::store
