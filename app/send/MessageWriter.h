// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Clock.h"
#include "base/Deadline.h"
#include "crypto/SmimeEngine.h"
#include "mail/MimeBuilder.h"
#include "send/Receipt.h"
#include "send/SendPlan.h"

#include <string>
#include <vector>

namespace sealpost::send {

//! What all transmissions of one plan share.
struct MessageParts {
    std::vector<mail::AttachmentPart> attachments;
    mail::MessageHeaders headers; //!< with the true subject
    mail::BoundarySource boundary = mail::newBoundary;
};

//! Writes the bytes of one transmission (RFC 5322, CRLF) into `out`: signed and encrypted for the
//! route S/MIME, signed for TLS where the plan names a signer. What S/MIME did; the errors of
//! mail::Entity, the sealer and the sink. Attachments are written once for a signature and once
//! for the message; in memory is no copy of either.
[[nodiscard]] Result<SmimeFacts>
writeMessage(const SendPlan &plan, const Transmission &transmission, const MessageParts &parts,
             crypto::MessageSealer &sealer, Deadline deadline, base::ByteSink &out);

} // namespace sealpost::send
