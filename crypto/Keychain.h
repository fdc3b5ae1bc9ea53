// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"

#include <memory>
#include <optional>
#include <string_view>

namespace sealpost::crypto {

//! The operating system's store of secrets. Calls block. Any thread but a GUI's.
//! Errors: AskAdmin "keychain.missing" (none runs here), FixInput "keychain.locked" or
//! "keychain.denied", Retry "keychain.failed". There is never a file in its stead.
class Keychain {
public:
    Keychain() = default;
    Keychain(const Keychain &) = delete;
    Keychain &operator=(const Keychain &) = delete;
    virtual ~Keychain() = default;
    //! None where there is no such entry. A locked keyring may answer so too: a caller that finds
    //! none where one must be says keychain.locked, and makes no new secret.
    [[nodiscard]] virtual Result<std::optional<SecretBytes>> read(std::string_view key) = 0;
    [[nodiscard]] virtual Result<void> write(std::string_view key, const SecretBytes &secret) = 0;
    [[nodiscard]] virtual Result<void> remove(std::string_view key) = 0;
};

//! Qt Keychain under the service "Sealpost", or "Sealpost:<profileId>" where that is not empty.
//! Needs a QCoreApplication in the process (else Bug "keychain.no-application"). A call ends within
//! about a minute and a half, of which a minute is for the person to unlock a locked keyring where
//! the desktop asks; with nobody there it ends with keychain.locked. Calls of all threads and
//! objects follow each other. Removing what is not there is no error.
[[nodiscard]] std::unique_ptr<Keychain> makeOsKeychain(std::string_view profileId);

} // namespace sealpost::crypto
