// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/Units.h"

#include <filesystem>
#include <string>

namespace sealpost::cli {

//! A file that a command is about, as mail::readPlainFile() reads it, and with words of its own: it
//! is no attachment. FixInput "file.missing", "file.unreadable", "file.not-a-file",
//! "file.too-large" (detail: both sizes), "file.changed"; the subject is its name.
[[nodiscard]] Result<std::string> readGivenFile(const std::filesystem::path &path, ByteCount limit);

} // namespace sealpost::cli
