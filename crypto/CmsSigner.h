// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "crypto/OpenSslTypes.h"
#include "crypto/SmimeEngine.h"

#include <span>

//! SignedData before its content comes. Private to this room.
namespace sealpost::crypto {

//! Inside: the content is in the message (CMS_STREAM); outside: it is not (CMS_DETACHED).
enum class ContentPlace { Inside, Outside };

//! One signer with its signed attributes, and the chain but its root; null where OpenSSL failed,
//! whose queue then says why. `chain` starts with the signer.
[[nodiscard]] CmsPtr newSignedData(EVP_PKEY *key, std::span<const X509Ptr> chain,
                                   const SigningOrder &order, Time signingTime, ContentPlace place);

} // namespace sealpost::crypto
