// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! A fault of a TLS peer's certificate, by the rule that it breaks.
enum class PeerProblem {
    Expired,
    NotYetValid,
    SelfSigned,
    UntrustedRoot,
    IncompleteChain, //!< an issuer is missing
    NameMismatch,    //!< no subjectAltName matches the host (RFC 6125 §6)
    WrongPurpose,    //!< not for TLS servers
    WeakKey,
    WeakSignature, //!< SHA-1 or MD5 in the chain below the root
    Revoked,
    OldProtocol,  //!< below the least version
    WeakCipher,   //!< a cipher or key exchange of below 112 bits, 3DES, or without forward secrecy
    DaneMismatch, //!< no TLSA record vouches for it, where one must
    Other,
};

[[nodiscard]] constexpr std::string_view toString(PeerProblem problem) {
    switch (problem) {
    case PeerProblem::Expired:
        return "expired";
    case PeerProblem::NotYetValid:
        return "not-yet-valid";
    case PeerProblem::SelfSigned:
        return "self-signed";
    case PeerProblem::UntrustedRoot:
        return "untrusted-root";
    case PeerProblem::IncompleteChain:
        return "incomplete-chain";
    case PeerProblem::NameMismatch:
        return "name-mismatch";
    case PeerProblem::WrongPurpose:
        return "wrong-purpose";
    case PeerProblem::WeakKey:
        return "weak-key";
    case PeerProblem::WeakSignature:
        return "weak-signature";
    case PeerProblem::Revoked:
        return "revoked";
    case PeerProblem::OldProtocol:
        return "old-protocol";
    case PeerProblem::WeakCipher:
        return "weak-cipher";
    case PeerProblem::DaneMismatch:
        return "dane-mismatch";
    case PeerProblem::Other:
        return "other";
    }
    return "other";
}

//! What the OCSP response said that the peer sent along (RFC 6066 §8, RFC 6960).
enum class OcspState {
    Absent,  //!< none was sent
    Good,    //!< signed for its issuer, in date: not revoked
    Revoked, //!< signed for its issuer, in date: revoked
    Unknown, //!< signed, but the responder does not know the certificate
    Invalid, //!< malformed, out of date, of another certificate, or not signed for its issuer
};

[[nodiscard]] constexpr std::string_view toString(OcspState state) {
    switch (state) {
    case OcspState::Absent:
        return "absent";
    case OcspState::Good:
        return "good";
    case OcspState::Revoked:
        return "revoked";
    case OcspState::Unknown:
        return "unknown";
    case OcspState::Invalid:
        return "invalid";
    }
    return "absent";
}

struct OcspStaple {
    OcspState state = OcspState::Absent;
    Time thisUpdate{}; //!< these three: the epoch where the response does not say
    Time nextUpdate{};
    Time revokedAt{};
};

//! One certificate of a chain.
struct PeerCertificate {
    std::string subject; //!< RFC 2253
    std::string issuer;
    Time notBefore{};
    Time notAfter{};
    std::string keyType;
    int keyBits = 0;
    std::string signature;
    std::string sha256; //!< lower-case hexadecimal
};

//! What a finished handshake showed of the peer; for the receipt and for a domain's report.
struct TlsPeerInfo {
    std::string version; //!< "TLSv1.3"
    std::string cipher;  //!< IANA name
    std::string group;   //!< key exchange: "x25519"; empty where unknown
    std::string subject; //!< RFC 2253
    std::string issuer;
    std::string sha256;             //!< of the end-entity certificate, lower-case hexadecimal
    std::vector<std::string> names; //!< dNSName entries
    Time notBefore{};
    Time notAfter{};
    std::string keyType; //!< "RSA", "EC", "Ed25519"
    int keyBits = 0;
    std::string signature;             //!< of the certificate: "sha256WithRSAEncryption"
    std::vector<PeerProblem> problems; //!< empty: valid and matching
    bool chainValid = false; //!< a path to a trusted root, in date, for servers (RFC 5280 §6)
    bool nameMatches = false;
    //! Of the host and the further names (TlsClientConfig), those that the certificate is for.
    std::vector<std::string> matchedNames;
    //! As the peer sent it: DER, the end-entity certificate first. Not kept in a cache.
    std::vector<std::string> chain;
    std::vector<PeerCertificate> links; //!< what `chain` says
    OcspStaple ocsp;
};

} // namespace sealpost::crypto
