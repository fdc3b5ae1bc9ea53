// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "base/Units.h"
#include "net/NetworkWay.h"

#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::net {

inline constexpr Port kImapsPort{993};
inline constexpr Port kImapPort{143};

enum class ImapProof {
    Password,
    Token, //!< OAUTHBEARER or XOAUTH2
};

//! A person's mailbox, over TLS or not at all: from the first byte (RFC 8314 §3.2), or at port 143
//! by STARTTLS before anything else.
struct ImapMailbox {
    std::string host; //!< A-label
    Port port = kImapsPort;
    std::string userName;
    base::SecretBytes secret;
    ImapProof proof = ImapProof::Password;
    std::optional<std::string> caFile; //!< PEM roots instead of the system's
    NetworkWay way = NetworkWay::Direct;
};

//! Signs in and gives the name of the folder of sent mail: the one that the server marks so (\Sent,
//! RFC 6154), else one with a usual name. AskAdmin "imap.certificate", "imap.no-tls"; FixInput
//! "imap.login", "imap.no-sent-folder"; Retry "imap.failed", "imap.deadline", "imap.stopped". The
//! host is the subject. By a proxy also "proxy.kind", and "http.failed" where the desktop does not
//! say which.
[[nodiscard]] Result<std::string> findSentFolder(const ImapMailbox &mailbox, Deadline deadline,
                                                 std::stop_token stop);

//! Appends one message, as read and as \Seen, to that folder. findSentFolder()'s errors, and the
//! source's own.
[[nodiscard]] Result<void> appendToSent(const ImapMailbox &mailbox, base::ByteSource &message,
                                        ByteCount size, Deadline deadline, std::stop_token stop);

//! The folder of sent mail in answers to LIST (RFC 3501 §7.2.2), as named there; empty: none.
[[nodiscard]] std::string sentFolderIn(std::string_view listing);

} // namespace sealpost::net
