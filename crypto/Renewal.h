// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateInfo.h"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace sealpost::crypto {

//! An address of one's own whose last certificate ends soon, or has ended.
struct RenewalDue {
    std::string address;
    CertificateInfo certificate; //!< the one that ends last
    bool ended = false;
};

//! For each address of the certificates whose key is here: due where none of them is good for
//! `before` more from `now`. A newer certificate beside an old one settles it: the old key stays
//! for the mail that was encrypted to it. By address.
[[nodiscard]] std::vector<RenewalDue> renewalsDue(std::span<const CertificateInfo> certificates,
                                                  Time now, std::chrono::days before);

} // namespace sealpost::crypto
