// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/OpenSslPtr.h"

#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>
#include <string_view>

//! Owners of OpenSSL's objects; for the .cpp files and private headers of this room alone.
namespace sealpost::crypto {

inline void freeCertificates(STACK_OF(X509) * certificates) {
    sk_X509_pop_free(certificates, X509_free);
}
inline void freeCrls(STACK_OF(X509_CRL) * crls) {
    sk_X509_CRL_pop_free(crls, X509_CRL_free);
}

using BioPtr = OpenSslPtr<BIO, BIO_free_all>;
using BignumPtr = OpenSslPtr<BIGNUM, BN_clear_free>;
using CmsPtr = OpenSslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using CertificateStackPtr = OpenSslPtr<STACK_OF(X509), freeCertificates>;
using CrlStackPtr = OpenSslPtr<STACK_OF(X509_CRL), freeCrls>;
using X509Ptr = OpenSslPtr<X509, X509_free>;
using CrlPtr = OpenSslPtr<X509_CRL, X509_CRL_free>;

[[nodiscard]] inline X509Ptr sharedCopy(X509 *certificate) {
    X509_up_ref(certificate);
    return X509Ptr(certificate);
}

//! Reads memory that outlives it; null where it is too large for OpenSSL (2 GiB).
[[nodiscard]] BioPtr readerOf(std::string_view bytes);
//! What a memory BIO has collected.
[[nodiscard]] std::string collected(BIO *memory);
//! The earliest error in OpenSSL's queue of this thread, as its reason text; empties the queue.
[[nodiscard]] std::string takeOpenSslError();

} // namespace sealpost::crypto
