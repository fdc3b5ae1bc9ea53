// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/Renewal.h"

#include <QString>

namespace sealpost::wording {

//! That one's own certificate ends, when, and what to do.
[[nodiscard]] QString text(const crypto::RenewalDue &due);

} // namespace sealpost::wording
