// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Draft.h"

#include <vector>

namespace sealpost::ui {

//! The people one can write to in practice mode: one with a certificate, one whose domain encrypts
//! in transit, and one whose domain does neither.
[[nodiscard]] std::vector<mail::Address> practicePeople();
//! A first message to try things with: it has something in it that must be found.
[[nodiscard]] mail::Draft practiceDraft();

} // namespace sealpost::ui
