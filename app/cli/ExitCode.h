// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "send/Receipt.h"

#include <vector>

namespace sealpost::cli {

//! What a script learns (docs/cli-json.md).
enum class ExitCode {
    Done = 0,
    Internal = 1,
    Usage = 2,
    Refused = 3, //!< blocked by policy, insufficient, or findings
    Owed = 4,
    Temporary = 5,
    Permanent = 6,
    Uncertain = 7,
};

//! What an error means to a script: by its code where that names a mistake on the command line,
//! else by its reaction.
[[nodiscard]] ExitCode exitCodeFor(const Error &error);

//! How all transmissions ended: the worst of them (uncertain, then permanent, then temporary).
[[nodiscard]] ExitCode exitCodeFor(const std::vector<send::Receipt> &receipts);

//! The worse of two ends of parts of one command.
[[nodiscard]] ExitCode worse(ExitCode a, ExitCode b);

} // namespace sealpost::cli
