// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Database.h"

#include <memory>

namespace sealpost::store {

//! Seals everything in the store anew under `newKey`, in one transaction: an end in its middle
//! leaves all of it under the old one. What the cache holds is forgotten, and copies that were made
//! before an upgrade are removed: the old key is not to open anything any more.
//! `database`, and every other program that has the file open, can only be closed afterwards: each
//! call says AskAdmin "store.key-changed". Database's errors.
[[nodiscard]] Result<void> rotateKey(const std::shared_ptr<Database> &database,
                                     const SecretBytes &newKey);

} // namespace sealpost::store
