// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Units.h"
#include "mail/Draft.h"
#include "mail/Marking.h"
#include "receive/MessageOpener.h"
#include "routing/Route.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::send {

//! What of a received message goes into a new one, and what the decision must know of it.
struct ForwardedContent {
    routing::ForwardFacts facts;
    std::optional<mail::Marking> marking; //!< the highest on it
    std::string subject;                  //!< the true one, one line
    std::string text;                     //!< Inline: with its fields above it; else empty
    //! Attached: the message as one file; Inline: its attachments. In memory.
    std::vector<mail::Attachment> attachments;
};

//! Reads a message that is to go on. Encrypted to oneself it would be unreadable for others, so of
//! such a message goes on what was decrypted; one that carries no encryption is attached as it is,
//! with its signature.
class Forwarder {
public:
    //! `opener` may be empty: then nothing can be forwarded.
    explicit Forwarder(std::shared_ptr<const receive::MessageOpener> opener)
        : m_opener(std::move(opener)) {}

    //! readAttachment()'s and MessageOpener's errors; FixInput "forward.unreadable" (it may not be
    //! shown: not encrypted to us, or its signature does not fit), with the file as subject.
    [[nodiscard]] Result<ForwardedContent> read(const mail::Forwarded &forwarded, ByteCount limit,
                                                Deadline deadline,
                                                const std::stop_token &stop) const;

private:
    std::shared_ptr<const receive::MessageOpener> m_opener;
};

//! The draft with what it forwards in it. Its subject, where it has none: "Fwd: …".
[[nodiscard]] mail::Draft withForwarded(mail::Draft draft, const ForwardedContent &content);

//! The way that a message says it came by: encrypted to us, through CJSM, by Office 365, or under
//! TLS from its sender's server to ours; none where nothing shows that. Whoever claims too much
//! only makes forwarding stricter.
[[nodiscard]] std::optional<RouteKind> wayOf(const receive::OpenedMessage &message,
                                             std::string_view bytes);

} // namespace sealpost::send
