// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/PolicyRegistry.h"

#include <memory>

namespace sealpost::runtime {

//! Windows' registry; null on systems that have none.
[[nodiscard]] std::shared_ptr<const policy::PolicyRegistry> systemRegistry();

} // namespace sealpost::runtime
