// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/OpenSslTypes.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! One private key and the certificate that is its own.
struct Pkcs12Identity {
    SecretBytes key; //!< as of sexp::privateKey
    X509Ptr certificate;
};

struct Pkcs12Content {
    std::vector<Pkcs12Identity> identities; //!< never empty
    std::vector<X509Ptr> others;
};

//! Opens a PKCS#12 file (RFC 7292), RSA or EC, PBES2 or the old RC2 and 3DES forms. Private to
//! this room. Errors: those of CertificateStore::importPkcs12.
[[nodiscard]] Result<Pkcs12Content> parsePkcs12(std::string_view bytes,
                                                const SecretBytes &passphrase);

} // namespace sealpost::crypto
