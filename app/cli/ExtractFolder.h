// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "receive/OpenedMessage.h"

#include <QStringList>
#include <filesystem>

namespace sealpost::cli {

//! Writes a message that may be shown into a folder, which is made where it is missing: its text as
//! message.txt, its attachments under their own names as far as those are harmless. Nothing that is
//! there is written over, nothing lands outside. The names as written.
//! FixInput "extract.failed" with the file as subject.
[[nodiscard]] Result<QStringList> extractInto(const std::filesystem::path &folder,
                                              const receive::OpenedMessage &message);

//! A file name out of what a stranger wrote: no folder, no control or format character, no leading
//! dot, at most 120 characters, none of Windows' device names.
[[nodiscard]] QString harmlessName(const std::string &name, const QString &fallback);

} // namespace sealpost::cli
