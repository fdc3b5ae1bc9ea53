// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Command.h"

#include <memory>

namespace sealpost::cli {

//! The verbs of "journal" that have files of their own.
[[nodiscard]] std::unique_ptr<Command> makeJournalExportCommand();
[[nodiscard]] std::unique_ptr<Command> makeJournalVerifyCommand();

} // namespace sealpost::cli
