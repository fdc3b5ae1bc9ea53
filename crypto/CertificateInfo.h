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

enum class PrivateKey {
    Absent,
    InAgent,
    OnCard, //!< a smart card or token, which may be elsewhere now
};

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
    std::string curve;       //!< "P-256"; empty for RSA
    std::string signature;   //!< "sha256WithRSAEncryption"
    bool signing = false;    //!< its usages allow signing mail
    bool encryption = false; //!< its usages allow encrypting mail to it
    PrivateKey privateKey = PrivateKey::Absent;
    CertificateState state = CertificateState::None;
    //! Log-safe: what exactly is missing or wrong, as a word and mostly ": " and more. Empty where
    //! usable. "expired: 2025-01-01T00:00:00Z", "not-yet-valid: …"; "revoked: 2026-…,
    //! keyCompromise", "issuer-revoked: <issuer>"; "root-not-trusted: <root>", "self-signed",
    //! "issuer-missing: <its name>", "issuer-expired: <issuer>", "chain: <what OpenSSL says>";
    //! "no-email-protection: serverAuth", "no-digital-signature", "no-key-encipherment",
    //! "no-key-agreement", "not-for-encryption: Ed25519"; "no-address", "other-address";
    //! "rsa-bits: 1024 of 2048", "ec-bits: …", "signature: sha1WithRSAEncryption" (before those
    //! three "issuer " where an issuer's is meant); "no-crl-distribution-point",
    //! "crl-not-fetched: <URL>", "crl-unreachable: <URL>", "crl-unreadable: <URL>",
    //! "crl-signature: <URL>", "crl-out-of-date: <URL>", "crl: <what OpenSSL says>"; "expires:
    //! 2026-…".
    std::string detail;

    [[nodiscard]] bool isOwn() const { return privateKey != PrivateKey::Absent; }
};

} // namespace sealpost::crypto
