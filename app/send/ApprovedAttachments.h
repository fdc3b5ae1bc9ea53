// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "mail/MimeBuilder.h"
#include "send/SendPlan.h"

#include <vector>

namespace sealpost::send {

//! The attachments as they are now; they must still be what was approved. Small ones are held;
//! a large one is read again each time that it is written, and must be the same each time.
//! mail::readAttachment()'s errors; FixInput "plan.changed", also from AttachmentPart::write.
[[nodiscard]] Result<std::vector<mail::AttachmentPart>> openApproved(const SendPlan &plan,
                                                                     ByteCount limit);

} // namespace sealpost::send
