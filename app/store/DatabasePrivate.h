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
    std::string keyId; //!< names the box's key, as the file does
    std::shared_ptr<ConnectionPool> pool;

    //! transact() on this thread's connection. AskAdmin "store.key-changed" where another program
    //! has put the store under another key meanwhile: nothing is written under the old one.
    template <class Work>
    [[nodiscard]] auto transact(Access access, std::string_view stage, Work work)
        -> std::invoke_result_t<Work, Connection &> {
        const auto connection = pool->ofThisThread();
        if (!connection) {
            return fail(connection.error());
        }
        using Answer = std::invoke_result_t<Work, Connection &>;
        return store::transact(**connection, access, stage, [&](Connection &open) -> Answer {
            auto same = checkKeyId(open);
            return same ? work(open) : Answer(fail(same.error()));
        });
    }
    [[nodiscard]] Result<void> checkKeyId(Connection &connection) const;
};

//! Names a key without giving anything of it away.
[[nodiscard]] std::string keyIdOf(const SecretBytes &key);
[[nodiscard]] std::string probePlace();
[[nodiscard]] std::string rootPlace();
inline constexpr std::string_view kProbe = "sealpost store";

//! Binds a box to its place: "outbox/7/sealed".
[[nodiscard]] std::string place(std::string_view table, std::string_view row,
                                std::string_view column);

} // namespace sealpost::store
