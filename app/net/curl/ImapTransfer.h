// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/HttpsModule.h"

namespace sealpost::net::curl {

//! HttpsModule's functions of these names.
[[nodiscard]] Result<std::string> imapFolders(const ImapMailbox &mailbox, const std::string &roots,
                                              Deadline deadline, std::stop_token stop);
[[nodiscard]] Result<void> imapAppend(const ImapMailbox &mailbox, const std::string &roots,
                                      const ImapMessage &message, Deadline deadline,
                                      std::stop_token stop);

} // namespace sealpost::net::curl
