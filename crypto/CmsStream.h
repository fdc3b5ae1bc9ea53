// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "crypto/OpenSslTypes.h"
#include "crypto/SmimeEngine.h"

#include <optional>

//! Content through OpenSSL's CMS in pieces. Private to this room.
namespace sealpost::crypto {

//! Why a stream ended early: the content's or the sink's error; none where OpenSSL failed.
using StreamFailure = tl::unexpected<std::optional<Error>>;
using StreamResult = tl::expected<void, std::optional<Error>>;

//! Encodes the message (made with CMS_STREAM) into `out` while the content is written: no more
//! than some buffers are in memory.
[[nodiscard]] StreamResult streamCms(CMS_ContentInfo *message, const ContentWriter &content,
                                     base::ByteSink &out);
//! Signs content that stays outside the message (made with CMS_DETACHED and CMS_PARTIAL).
[[nodiscard]] StreamResult signOutside(CMS_ContentInfo *message, const ContentWriter &content);

} // namespace sealpost::crypto
