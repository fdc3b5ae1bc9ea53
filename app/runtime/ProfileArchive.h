// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"
#include "crypto/Keychain.h"
#include "runtime/Profile.h"
#include "store/Database.h"

#include <filesystem>
#include <memory>

//! A whole profile in one file under a passphrase: to a new computer, or against the loss of this.
namespace sealpost::runtime {

//! Writes the store, its key and the accounts' secrets, certificates, private keys and the person's
//! policy into a new file. ArchiveWriter's, the keychain's and the store's errors; nothing stays of
//! a file that is not whole.
[[nodiscard]] Result<void> exportProfile(const Profile &profile, crypto::Keychain &keychain,
                                         const std::shared_ptr<store::Database> &database,
                                         const std::filesystem::path &file,
                                         const SecretBytes &passphrase);

//! Puts what exportProfile() wrote into a profile that has neither store nor keys yet: FixInput
//! "profile.not-empty" else. The store comes last, so that an end in the middle leaves a profile
//! that an import can still go into. readArchive()'s and the keychain's errors; AskAdmin
//! "profile.unwritable".
[[nodiscard]] Result<void> importProfile(const Profile &profile, crypto::Keychain &keychain,
                                         const std::filesystem::path &file,
                                         const SecretBytes &passphrase);

} // namespace sealpost::runtime
