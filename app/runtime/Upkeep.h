// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/Runtime.h"

#include <stop_token>

namespace sealpost::runtime {

//! Removes what policy no longer keeps, for good: messages that have ended, drafts that nobody has
//! touched. The journal says how many.
[[nodiscard]] Result<void> applyRetention(Runtime &runtime);

//! What is due between one sending and the next: the journal's signature, and what policy no longer
//! keeps. None of it is the sending's own success; what fails now is tried at the next call, and
//! the first failure is told.
[[nodiscard]] Result<void> keepUp(Runtime &runtime, Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::runtime
