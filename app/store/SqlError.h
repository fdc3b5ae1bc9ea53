// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <QSqlError>
#include <string>
#include <string_view>

namespace sealpost::store {

//! SQLite's result code as one of ours: "store.full", "store.damaged", "store.unwritable",
//! "store.locked", or Bug "store.sql". `subject` is the file.
[[nodiscard]] Error sqlError(const QSqlError &error, std::string_view stage,
                             std::string_view subject);

[[nodiscard]] inline tl::unexpected<Error> damaged(std::string_view stage, std::string_view detail,
                                                   std::string_view subject = {}) {
    return fail("store.damaged", stage, Reaction::AskAdmin, detail, subject);
}

} // namespace sealpost::store
