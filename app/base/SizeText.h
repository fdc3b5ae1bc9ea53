// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"

#include <string>

namespace sealpost::base {

//! A size as people read it, with at most one decimal: "120 bytes", "25 MiB", "1.5 GiB" (IEC
//! 80000-13).
[[nodiscard]] std::string sizeText(ByteCount bytes);

} // namespace sealpost::base
