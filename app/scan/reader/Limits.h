// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sealpost::scan {

//! Lets the system end this process where it wants too much memory or time, or a file to write.
//! Where the system has no such means, the parent's deadline alone holds.
void limitThisProcess();

} // namespace sealpost::scan
