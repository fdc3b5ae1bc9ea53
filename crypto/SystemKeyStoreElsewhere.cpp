// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SystemKeyStore.h"

namespace sealpost::crypto {

// Linux has none that every desktop shares; macOS' is described in docs/adr/0015.
std::unique_ptr<SystemKeyStore> systemKeyStore() {
    return nullptr;
}

} // namespace sealpost::crypto
