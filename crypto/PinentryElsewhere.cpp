// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Pinentry.h"

namespace sealpost::crypto {

std::vector<std::string> pinentryOptions() {
    return {"pinentry-mode=ask"}; // its window finds the desktop by itself
}

} // namespace sealpost::crypto
