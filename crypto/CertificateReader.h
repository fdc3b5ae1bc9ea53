// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "crypto/CertificateInfo.h"
#include "crypto/CertificateStore.h"
#include "crypto/OpenSslTypes.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! From certificates of OpenSSL's to facts; no trust, no time. Private to this room.
namespace sealpost::crypto {

//! Everything but state, detail and private key.
[[nodiscard]] CertificateInfo readCertificate(const X509 *certificate);

//! PEM (one or several), DER or PKCS#7. FixInput "certificate.unreadable".
[[nodiscard]] Result<std::vector<X509Ptr>> parseCertificates(std::string_view bytes);
//! Larger than any real one (256 KiB): made to do harm, and not to be kept.
[[nodiscard]] bool isTooLarge(const X509Ptr &certificate);
[[nodiscard]] std::string toPem(const X509 *certificate);
[[nodiscard]] std::string toDer(const X509 *certificate);

[[nodiscard]] bool isAuthority(const X509 *certificate);
//! Signed by itself, and the signature holds.
[[nodiscard]] bool isSelfSigned(X509 *certificate);

//! Why the certificate can't serve that purpose in mail (RFC 8550 §4.4), log-safe; none if it can.
[[nodiscard]] std::optional<std::string> wrongUsage(const X509 *certificate,
                                                    CertificatePurpose purpose);
//! Whether it names that addr-spec; letters compare without case.
[[nodiscard]] bool isForAddress(const CertificateInfo &certificate, std::string_view addressSpec);

struct KeyMinimum {
    int rsaBits = 0;
    int ecBits = 0;
};
//! Why key or signature is too weak, log-safe. A root's own signature does not matter.
[[nodiscard]] std::optional<std::string> weakness(X509 *certificate, const KeyMinimum &minimum);

//! http and https URLs of its CRL distribution points, in order (RFC 5280 §4.2.1.13).
[[nodiscard]] std::vector<std::string> crlUrls(const X509 *certificate);

//! http and https URLs of its issuer's certificate, and of the issuer's OCSP responder (RFC 5280
//! §4.2.2.1), in order.
[[nodiscard]] std::vector<std::string> issuerUrls(const X509 *certificate);
[[nodiscard]] std::vector<std::string> responderUrls(const X509 *certificate);

//! "digitalSignature, keyEncipherment" and "emailProtection"; empty where not restricted.
struct UsageWords {
    std::string key;
    std::string extended;
};
[[nodiscard]] UsageWords usageWords(const X509 *certificate);

} // namespace sealpost::crypto
