// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sealpost::crypto {

//! A document that a known certificate's holder signed.
struct SignedDocument {
    std::string content;
    std::string signer;           //!< the certificate's SHA-256, lower-case hexadecimal
    std::optional<Time> signedAt; //!< as the signer says
};

//! Opens CMS SignedData with its content inside (RFC 5652 §5), DER or PEM, as `openssl cms -sign
//! -nodetach` makes it. There is no chain to an authority: each signer's certificate must be one of
//! `pinned` (SHA-256, lower-case hexadecimal), in date at `now`, and strong. AskAdmin:
//! "bundle.unreadable" (no such structure), "bundle.signature" (none, or one that does not fit the
//! content), "bundle.signer" (a certificate that is not pinned; its SHA-256 as subject),
//! "bundle.signer-expired" (or not yet valid), "bundle.weak" (key or digest, which as detail).
[[nodiscard]] Result<SignedDocument> openSigned(std::string_view cms,
                                                const std::set<std::string> &pinned, Time now);

} // namespace sealpost::crypto
