// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/CertificateSources.h"
#include "crypto/CertificateChoice.h"
#include "crypto/CertificateInfo.h"

#include <QString>

namespace sealpost::wording {

//! Why this certificate is the one that counts.
[[nodiscard]] QString text(const crypto::CertificateChoice &choice);
//! That the one that counts is used, and why it is that one; or that it counts and can't be used.
[[nodiscard]] QString standingText(const crypto::CertificateInfo &info,
                                   const crypto::CertificateChoice &choice);
//! Where a certificate was found; `place` is policy's name of a directory or bundle.
[[nodiscard]] QString placeText(assurance::SourceKind kind, const std::string &place);

} // namespace sealpost::wording
