// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "crypto/CertificateInfo.h"
#include "crypto/OpenSslTypes.h"

#include <span>
#include <string>
#include <vector>

namespace sealpost::crypto {

//! What a chain is built from; all of it outlives the call.
struct ChainMaterial {
    std::span<X509 *const> authorities; //!< everything that may have issued something
    std::span<X509 *const> roots;       //!< those that are trusted
    Time now;
};

struct ChainVerdict {
    //! Usable, Expired, NotYetValid, Revoked, RevocationUnknown or Untrusted, the worst of them.
    CertificateState state = CertificateState::Untrusted;
    std::string detail;         //!< CertificateInfo::detail
    std::vector<X509Ptr> chain; //!< end entity first, as far as it could be built
};

//! Builds and checks a chain (RFC 5280 §6), without revocation.
[[nodiscard]] ChainVerdict verifyChain(X509 *certificate, const ChainMaterial &material);
//! Whether a list of the issuer's revokes the certificate (RFC 5280 §6.3): Usable, Revoked or
//! RevocationUnknown, whatever else is wrong with it.
[[nodiscard]] ChainVerdict verifyRevocation(X509 *certificate, X509 *issuer, Time now,
                                            const CrlPtr &crl);

} // namespace sealpost::crypto
