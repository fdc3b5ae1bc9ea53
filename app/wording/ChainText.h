// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/ChainReport.h"

#include <QString>

namespace sealpost::wording {

//! What is wrong, in one sentence; empty for an id that has none.
[[nodiscard]] QString text(const crypto::ChainFault &fault);
//! What mends it, in one sentence.
[[nodiscard]] QString mendText(const crypto::ChainFault &fault);
//! "not revoked (list of 2026-03-02, http://…)"
[[nodiscard]] QString text(const crypto::RevocationFact &fact);

} // namespace sealpost::wording
