// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/Units.h"

#include <filesystem>
#include <string>

namespace sealpost::mail {

//! A file's bytes as readAttachment() reads them, with its errors, and without asking what kind of
//! file it is: that takes longer than to read and to scan a small one.
[[nodiscard]] Result<std::string> readPlainFile(const std::filesystem::path &path, ByteCount limit);

} // namespace sealpost::mail
