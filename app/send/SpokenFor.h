// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Draft.h"
#include "store/Outbox.h"

#include <span>

namespace sealpost::send {

//! Takes out of a stored draft who is spoken for by the entries that came from it: who has it, or
//! may have it, or is going to be tried again (store::OutboxEntry::spokenFor()).
void takeOutSpokenFor(mail::Draft &draft, std::span<const store::OutboxEntry> entries);

} // namespace sealpost::send
