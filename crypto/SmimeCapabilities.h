// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/OpenSslTypes.h"

//! What a mail reader says that it can read (RFC 8551 §2.5.2). Private to this room.
namespace sealpost::crypto {

struct ReaderCapabilities {
    bool aes256Gcm = false;
    bool rsaOaep = false;
};

//! By the certificate's extension (RFC 4262); nothing where it has none.
[[nodiscard]] ReaderCapabilities capabilitiesOf(const X509 *certificate);

//! Says what we read ourselves, best first, in a signature that is not made yet.
[[nodiscard]] bool announceCapabilities(CMS_SignerInfo *signer);

} // namespace sealpost::crypto
