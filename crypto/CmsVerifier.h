// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStorePrivate.h"
#include "crypto/CmsReader.h"
#include "crypto/OpenSslTypes.h"

//! Private to this room.
namespace sealpost::crypto {

//! SignedData; CmsReader::verify's errors.
[[nodiscard]] Result<SignedContent> verifyCms(CMS_ContentInfo *message,
                                              std::optional<std::string_view> outside,
                                              CertificateStore::Private &store, Deadline deadline,
                                              const std::stop_token &stop);

} // namespace sealpost::crypto
