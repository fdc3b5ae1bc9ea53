// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/KeychainGate.h"

namespace sealpost::crypto {

// Windows and macOS always have a keychain, open while the person is logged in.
Result<KeychainState> openKeychain(KeychainUse, std::chrono::milliseconds) {
    return KeychainState::Ready;
}

} // namespace sealpost::crypto
