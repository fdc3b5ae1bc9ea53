// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/Keychain.h"
#include "store/Database.h"

#include <filesystem>
#include <memory>

//! The key of everything in the store, which the OS keychain keeps.
namespace sealpost::runtime {

//! Names in the keychain. The second is there only while the store is put under another key.
inline constexpr std::string_view kStoreKey = "store-key";
inline constexpr std::string_view kNextStoreKey = "store-key-next";

//! Opens the store with its key; a new key is made only where there is nothing yet that another one
//! could have sealed, else FixInput "keychain.locked". Finishes a change of key that was cut short.
//! Keychain's and Database::open()'s errors.
[[nodiscard]] Result<std::shared_ptr<store::Database>> openStore(crypto::Keychain &keychain,
                                                                 const std::filesystem::path &file);

//! Puts the store under a new key (store::rotateKey()): at every moment the keychain has the key
//! that the file is under. `database` can only be closed afterwards.
[[nodiscard]] Result<void> changeStoreKey(crypto::Keychain &keychain,
                                          const std::shared_ptr<store::Database> &database);

} // namespace sealpost::runtime
