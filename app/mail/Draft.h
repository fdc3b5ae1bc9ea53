// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Classification.h"
#include "base/RouteKind.h"
#include "base/Units.h"
#include "mail/Address.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sealpost::mail {

//! A file to attach, by reference; its bytes are read by readAttachment().
struct Attachment {
    std::filesystem::path path;
    std::string name; //!< UTF-8, as the recipient sees it
    //! Instead of a file's: of something that was made here and stands in no file. Never stored.
    std::shared_ptr<const std::string> content{};
};

enum class ForwardForm {
    Attached, //!< the message as a file
    Inline,   //!< its text below the person's own, its attachments beside theirs
};

//! A received message that goes on with this one, by reference; send::Forwarding reads it.
struct Forwarded {
    std::filesystem::path path; //!< .eml
    ForwardForm form = ForwardForm::Attached;
    friend bool operator==(const Forwarded &, const Forwarded &) = default;
};

//! A person's statement that a finding of the scanner is wrong. Holds nothing of the content: the
//! mark is keyed (scan::Finding::mark).
struct Dismissal {
    std::string mark;
    std::string kind;
    std::string reason;
    friend bool operator==(const Dismissal &, const Dismissal &) = default;
};
//! A shorter reason, without spaces around it, is none.
inline constexpr std::size_t kShortestReason = 10;

//! A message as a person writes it. Text is UTF-8 with LF or CRLF.
struct Draft {
    std::string id; //!< stable over edits and sessions; empty until stored
    std::string account;
    Address from;
    std::vector<Address> to;
    std::vector<Address> cc;
    std::vector<Address> bcc;
    std::string subject;
    std::string body;
    std::vector<Attachment> attachments;
    Classification classification = Classification::Official;
    std::string handling{};   //!< one of policy's handling instructions, or empty
    std::string descriptor{}; //!< one of policy's descriptors, or empty
    std::optional<Forwarded> forward{};
    std::optional<RouteKind> protect; //!< the one route that the person asks for; none: automatic
    std::vector<Dismissal> dismissals;
};

//! Checks what a draft must fulfil before anything is planned. FixInput, Error::subject names the
//! field, file or address: "draft.no-sender", "draft.no-recipient", "draft.empty-recipient",
//! "draft.non-ascii-local-part", "draft.header-injection" (a control character in subject or
//! attachment name), "draft.attachment-name" (empty, with a path separator, past 255 bytes, or with
//! characters that make it look like another), "draft.body-nul", "draft.not-utf8". A duplicate
//! recipient is no error: see uniqueRecipients().
[[nodiscard]] Result<void> validate(const Draft &draft);

//! To, Cc and Bcc in this order, each mailbox once.
[[nodiscard]] std::vector<Address> uniqueRecipients(const Draft &draft);

struct LoadedAttachment {
    std::string name;
    std::string mediaType; //!< by QMimeDatabase: "application/pdf"
    std::string content;
};

//! Reads one attachment whole. FixInput with the path as subject: "attachment.missing",
//! "attachment.unreadable", "attachment.not-a-file" (folder, device, FIFO: never opened),
//! "attachment.too-large" (checked by size before reading), "attachment.changed" (its size changed
//! while it was read).
[[nodiscard]] Result<LoadedAttachment> readAttachment(const Attachment &attachment,
                                                      ByteCount limit);

//! What is known of an attachment that was passed on and not kept.
struct PassedAttachment {
    std::string name;
    std::string mediaType;
    ByteCount size = 0;
};

//! The same in pieces, for a file that is too large to be held: readAttachment()'s errors, and the
//! sink's.
[[nodiscard]] Result<PassedAttachment> passAttachment(const Attachment &attachment, ByteCount limit,
                                                      base::ByteSink &out);

} // namespace sealpost::mail
