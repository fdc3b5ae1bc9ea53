// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStorePrivate.h"
#include "crypto/CmsReader.h"
#include "crypto/OpenSslTypes.h"

//! Private to this room.
namespace sealpost::crypto {

//! EnvelopedData or AuthEnvelopedData; CmsReader::decrypt's errors.
[[nodiscard]] Result<DecryptedContent>
decryptCms(CMS_ContentInfo *message, CertificateStore::Private &store, Deadline deadline);

} // namespace sealpost::crypto
