// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace sealpost::crypto {

//! Whether a folder holds certificates under the names that `openssl rehash` gives them
//! ("5ad8a5d6.0").
[[nodiscard]] bool hasHashedRoots(const std::string &folder);

//! The folder in which the system's trusted roots lie one by one under such names: a chain's root
//! is then found by its name, while to read the one file of all takes longer than a handshake.
//! Empty where there is none, or where SSL_CERT_FILE or SSL_CERT_DIR names other roots.
[[nodiscard]] std::string hashedRootsFolder();

} // namespace sealpost::crypto
