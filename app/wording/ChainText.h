// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/ChainReport.h"

#include <QString>

namespace sealpost::wording {

//! What is wrong, in one sentence; empty for an id that has none.
[[nodiscard]] QString text(const crypto::ChainFault &fault);
//! What mends it, in one sentence.
[[nodiscard]] QString mendText(const crypto::ChainFault &fault);
//! The same for a window that can do it: a sentence, and the button under it; without a button
//! where a person has to do it elsewhere.
struct MendChoice {
    QString sentence;
    QString button;
};
[[nodiscard]] MendChoice mendChoice(const crypto::ChainFault &fault);
//! "not revoked (list of 2026-03-02, http://…)"
[[nodiscard]] QString text(const crypto::RevocationFact &fact);

} // namespace sealpost::wording
