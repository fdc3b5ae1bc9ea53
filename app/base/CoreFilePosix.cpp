// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/CoreFile.h"

#include <sys/resource.h>

namespace sealpost::base {

void leaveNoCoreFile() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

} // namespace sealpost::base
