// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateChoice.h"

#include <QString>

namespace sealpost::wording {

//! Why this certificate is the one that counts.
[[nodiscard]] QString text(const crypto::CertificateChoice &choice);

} // namespace sealpost::wording
