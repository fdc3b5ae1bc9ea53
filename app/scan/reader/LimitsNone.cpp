// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/Limits.h"

namespace sealpost::scan {

void limitThisProcess() {}

} // namespace sealpost::scan
