// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

struct ToolAnswer {
    int exitCode = -1;
    std::string out;
};

//! Runs one of GnuPG's command line tools for a home, killed at its deadline. Private to this room.
//! AskAdmin "gnupg.missing", Retry "gnupg.deadline", Retry "gnupg.failed" where it crashes.
[[nodiscard]] Result<ToolAnswer> runGnupgTool(const char *tool, const std::filesystem::path &home,
                                              const std::vector<std::string> &arguments,
                                              std::string_view input, Deadline deadline);

//! Whether the tool is where programs are looked for.
[[nodiscard]] bool hasGnupgTool(const char *tool);

} // namespace sealpost::crypto
