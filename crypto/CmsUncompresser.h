// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "crypto/OpenSslTypes.h"

#include <string>

//! Private to this room.
namespace sealpost::crypto {

//! CmsReader::uncompress's.
[[nodiscard]] Result<std::string> uncompressCms(CMS_ContentInfo *message);

} // namespace sealpost::crypto
