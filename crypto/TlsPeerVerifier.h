// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "crypto/TlsPeerInfo.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct stack_st_X509;
struct x509_st;
struct x509_store_st;

namespace sealpost::crypto {

//! What a TLS server's certificate is measured against.
struct PeerRequirements {
    std::string host;                      //!< a host name as A-label, or an IP literal
    std::vector<std::string> furtherNames; //!< looked for as well; they don't decide
    int minimumRsaBits = 2048;
    int minimumEcBits = 256;
    Time now{}; //!< the epoch: the present
};

//! Whether `host` is a host name (letters, digits, "-", "_", not empty between dots) or an IP
//! literal. Anything else must not reach a name check, where a leading dot would be a wildcard.
[[nodiscard]] bool isHostNameOrIp(std::string_view host);
[[nodiscard]] bool isIpLiteral(std::string_view host);
//! Whether a certificate (DER) is for that host (RFC 6125 §6); false where either is malformed.
[[nodiscard]] bool certificateMatches(std::string_view certificateDer, std::string_view host);

//! Judges a server's certificates (RFC 5280 §6, RFC 6125 §6) and collects every fault rather than
//! the first. Any thread.
class TlsPeerVerifier {
public:
    //! With the PEM roots of `caFile`, or the system's. AskAdmin "tls.ca-file".
    [[nodiscard]] static Result<TlsPeerVerifier> create(const std::optional<std::string> &caFile);

    //! Fills in what the end-entity certificate says, the chain, chainValid, the names that match
    //! and the problems. `sent` are the certificates that the peer sent, in any order. Returns the
    //! end entity's issuer, trusted or not; null where nobody knows it.
    [[nodiscard]] std::shared_ptr<x509_st> judge(x509_st *leaf, stack_st_X509 *sent,
                                                 const PeerRequirements &requirements,
                                                 TlsPeerInfo &info) const;

private:
    explicit TlsPeerVerifier(std::shared_ptr<x509_store_st> roots) : m_roots(std::move(roots)) {}
    std::shared_ptr<x509_store_st> m_roots;
};

} // namespace sealpost::crypto
