// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/OpenSslTypes.h"
#include "crypto/ReaderCapabilities.h"

#include <optional>

//! What mail readers say that they can read, in certificates and signatures. Private to this room.
namespace sealpost::crypto {

//! By the certificate's extension (RFC 4262); nothing where it has none.
[[nodiscard]] ReaderCapabilities capabilitiesOf(const X509 *certificate);

//! By the signed attribute (RFC 8551 §2.5.2); none where there is no such attribute.
[[nodiscard]] std::optional<ReaderCapabilities> capabilitiesOf(const CMS_SignerInfo *signer);

//! Says what we read ourselves, best first, in a signature that is not made yet.
[[nodiscard]] bool announceCapabilities(CMS_SignerInfo *signer);

} // namespace sealpost::crypto
