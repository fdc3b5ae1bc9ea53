// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "receive/OpenedMessage.h"

#include <QStringList>
#include <filesystem>

namespace sealpost::receive {

//! Writes a message that may be shown into a folder, which is made where it is missing: its text as
//! message.txt, its attachments as of saveAttachments(). The names as written.
//! FixInput "extract.failed" with the file as subject.
[[nodiscard]] Result<QStringList> extractInto(const std::filesystem::path &folder,
                                              const OpenedMessage &message);

//! Writes attachments into a folder that is there, each under its own name as far as that is
//! harmless, readable by the person alone. Nothing that is there is written over, nothing lands
//! outside. The names as written. The same error.
[[nodiscard]] Result<QStringList> saveAttachments(const std::filesystem::path &folder,
                                                  const std::vector<mail::MessagePart> &parts);

//! A file name out of what a stranger wrote: no folder, no control or format character, no leading
//! dot, at most 120 characters, none of Windows' device names.
[[nodiscard]] QString harmlessName(const std::string &name, const QString &fallback);

//! Whether a file of this name is a program or starts one when it is opened.
[[nodiscard]] bool runsWhenOpened(const QString &name);

} // namespace sealpost::receive
