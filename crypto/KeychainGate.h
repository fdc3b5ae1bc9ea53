// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <chrono>

namespace sealpost::crypto {

enum class KeychainUse { Read, Write };

enum class KeychainState {
    Ready,
    Empty, //!< one runs, but it has no keyring yet: there is nothing to read
};

inline constexpr std::chrono::milliseconds kPromptLimit{60'000};

//! Sees that a keychain runs here and stands open, and has the desktop ask the person to unlock or,
//! for Write, make one: so that no job of Qt Keychain's, which can't be called off, ever waits for
//! a prompt, and a locked keyring is not taken for an empty one. Where the platform does both by
//! itself: Ready. On a thread with an event dispatcher.
//! AskAdmin "keychain.missing", FixInput "keychain.locked", Retry "keychain.failed".
[[nodiscard]] Result<KeychainState>
openKeychain(KeychainUse use, std::chrono::milliseconds promptLimit = kPromptLimit);

} // namespace sealpost::crypto
