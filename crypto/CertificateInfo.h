// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! Whether a certificate can serve, and if not, the exact reason.
enum class CertificateState {
    None, //!< there is no certificate
    Usable,
    Expiring, //!< usable, but within the policy's days of its end
    Expired,
    NotYetValid,
    Revoked,
    RevocationUnknown, //!< all else is in order
    Untrusted,         //!< unknown root, or an issuer is missing
    WrongUsage,        //!< key usage or extended key usage is not for mail
    WrongAddress,      //!< for another address
    WeakKey,           //!< key or signature algorithm below the minimum
};

[[nodiscard]] constexpr std::string_view toString(CertificateState state) {
    switch (state) {
    case CertificateState::None:
        return "none";
    case CertificateState::Usable:
        return "usable";
    case CertificateState::Expiring:
        return "expiring";
    case CertificateState::Expired:
        return "expired";
    case CertificateState::NotYetValid:
        return "not-yet-valid";
    case CertificateState::Revoked:
        return "revoked";
    case CertificateState::RevocationUnknown:
        return "revocation-unknown";
    case CertificateState::Untrusted:
        return "untrusted";
    case CertificateState::WrongUsage:
        return "wrong-usage";
    case CertificateState::WrongAddress:
        return "wrong-address";
    case CertificateState::WeakKey:
        return "weak-key";
    }
    return "none";
}

enum class PrivateKey { Absent, InAgent };

//! What a person, the decision and the journal need to know of one X.509 certificate.
struct CertificateInfo {
    std::string fingerprint; //!< SHA-256, lower-case hexadecimal: the certificate's name here
    std::string sha1;        //!< gpgsm's name for it, upper-case hexadecimal
    std::string subject;     //!< RFC 2253
    std::string issuer;
    std::string serial;                 //!< hexadecimal
    std::vector<std::string> addresses; //!< rfc822Name and emailAddress, domain in lower case
    Time notBefore{};
    Time notAfter{};
    std::string keyType; //!< "RSA", "EC"
    int keyBits = 0;
    std::string curve;     //!< "P-256"; empty for RSA
    std::string signature; //!< "sha256WithRSAEncryption"
    PrivateKey privateKey = PrivateKey::Absent;
    CertificateState state = CertificateState::None;
    std::string detail; //!< log-safe: what exactly is missing or wrong
};

} // namespace sealpost::crypto
