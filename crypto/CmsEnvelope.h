// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/OpenSslTypes.h"
#include "crypto/SmimeEngine.h"

#include <optional>

//! EnvelopedData before its content comes. Private to this room.
namespace sealpost::crypto {

//! Without recipients; null where OpenSSL failed.
[[nodiscard]] CmsPtr newEnvelope(ContentCipher cipher);
//! False where OpenSSL failed: the certificate's key can't be encrypted to, say.
[[nodiscard]] bool addRecipient(CMS_ContentInfo *envelope, X509 *certificate,
                                std::optional<RsaTransport> transport);

} // namespace sealpost::crypto
