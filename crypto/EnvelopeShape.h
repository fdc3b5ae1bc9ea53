// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/OpenSslTypes.h"

#include <cstddef>
#include <string>

//! Private to this room.
namespace sealpost::crypto {

//! What OpenSSL has no way to ask for.
struct EnvelopeShape {
    std::string cipher;        //!< "aes-256-cbc"
    std::size_t tagLength = 0; //!< of AuthEnvelopedData's mac (RFC 5083 §2.1)
};

//! Of EnvelopedData or AuthEnvelopedData.
[[nodiscard]] EnvelopeShape shapeOf(CMS_ContentInfo *message);

} // namespace sealpost::crypto
