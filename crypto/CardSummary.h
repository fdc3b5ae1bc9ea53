// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sealpost::crypto {

//! What a smart card or token has brought in.
struct CardSummary {
    std::string serial; //!< hexadecimal
    int keys = 0;
    int keysWithoutCertificate = 0;
    //! SHA-256 of the certificates that belong to these keys, from the card or here before.
    std::vector<std::string> fingerprints;
    int newlyAdded = 0; //!< certificates
};

} // namespace sealpost::crypto
