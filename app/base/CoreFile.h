// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sealpost::base {

//! From here on a crash of this process, and of what it starts, leaves no file with its memory:
//! messages, passwords and keys are in there. For programs' first line; does nothing where the
//! system keeps no such files.
void leaveNoCoreFile();

} // namespace sealpost::base
