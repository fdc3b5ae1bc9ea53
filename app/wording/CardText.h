// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CardSummary.h"

#include <QString>

namespace sealpost::wording {

//! What reading a smart card has brought, and what to do for keys that have no certificate here.
[[nodiscard]] QString text(const crypto::CardSummary &card);

} // namespace sealpost::wording
