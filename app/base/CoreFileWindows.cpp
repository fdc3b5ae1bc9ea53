// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/CoreFile.h"

namespace sealpost::base {

void leaveNoCoreFile() {}

} // namespace sealpost::base
