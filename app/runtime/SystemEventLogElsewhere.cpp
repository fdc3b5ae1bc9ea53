// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/SystemEventLog.h"

namespace sealpost::runtime {

Result<std::unique_ptr<SystemEventLog>> systemEventLog() {
    return std::unique_ptr<SystemEventLog>();
}

} // namespace sealpost::runtime
