// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"

#include <string>

namespace sealpost::crypto {

//! What a client shows of itself in TLS, where the server asks: as for a server connection to CJSM.
struct ClientCertificate {
    std::string chainPem; //!< end entity first
    SecretBytes keyPem;   //!< PKCS#8, not encrypted: out of the OS keychain
};

} // namespace sealpost::crypto
