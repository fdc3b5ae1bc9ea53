// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! The certificates for one address in a collection, each as PEM with the collection's authorities
//! behind it, so that its chain can be judged without importing anything.
struct PickedCertificate {
    std::string fingerprint; //!< SHA-256, lower-case hexadecimal
    std::string pem;
};

//! `bytes`: PEM, DER or PKCS#7. At most 16 for one address, and 64 authorities. None where there
//! are none, or where the bytes are no certificates.
[[nodiscard]] std::vector<PickedCertificate> pickCertificates(std::string_view bytes,
                                                              std::string_view addressSpec);

} // namespace sealpost::crypto
