// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/SystemRegistry.h"

namespace sealpost::runtime {

std::shared_ptr<const policy::PolicyRegistry> systemRegistry() {
    return nullptr;
}

} // namespace sealpost::runtime
