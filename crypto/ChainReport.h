// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "crypto/CertificateInfo.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

enum class RevocationStatus { NotNeeded, Good, Revoked, Unknown };

[[nodiscard]] constexpr std::string_view toString(RevocationStatus status) {
    switch (status) {
    case RevocationStatus::NotNeeded:
        return "not-needed";
    case RevocationStatus::Good:
        return "good";
    case RevocationStatus::Revoked:
        return "revoked";
    case RevocationStatus::Unknown:
        return "unknown";
    }
    return "unknown";
}

//! What is known of a certificate's revocation, from where, and since when.
struct RevocationFact {
    RevocationStatus status = RevocationStatus::Unknown;
    std::string kind;    //!< "crl", "ocsp"; empty where there is no answer
    std::string source;  //!< the URL
    Time issued{};       //!< when the answer was made
    std::string problem; //!< why there is none: CertificateInfo::detail
};

//! One certificate of a chain.
struct ChainLink {
    CertificateInfo info; //!< without state
    std::string der;
    bool authority = false;
    bool selfSigned = false;
    bool trustedRoot = false;
    std::string keyUsage;      //!< "digitalSignature, keyEncipherment"; empty: not restricted
    std::string extendedUsage; //!< "emailProtection"; empty: not restricted
    RevocationFact revocation;
};

//! What mends a fault.
enum class Mend {
    AskForNew,    //!< its owner asks its authority for another
    FetchIssuer,  //!< from the URL in `target`
    ImportIssuer, //!< from a file that the authority has to give
    TrustRoot,    //!< `target` is its fingerprint; only where policy allows and a person knows it
    FetchRevocation, //!< again, from the URL in `target`
    UseOther,        //!< a certificate for the right address
    CheckClock,
    AskAuthority, //!< the authority has to mend its certificates
};

[[nodiscard]] constexpr std::string_view toString(Mend mend) {
    switch (mend) {
    case Mend::AskForNew:
        return "ask-for-new";
    case Mend::FetchIssuer:
        return "fetch-issuer";
    case Mend::ImportIssuer:
        return "import-issuer";
    case Mend::TrustRoot:
        return "trust-root";
    case Mend::FetchRevocation:
        return "fetch-revocation";
    case Mend::UseOther:
        return "use-other";
    case Mend::CheckClock:
        return "check-clock";
    case Mend::AskAuthority:
        return "ask-authority";
    }
    return "ask-authority";
}

//! Something that is wrong; wording makes the sentences.
struct ChainFault {
    std::string id;          //!< "chain.expired"
    std::string certificate; //!< subject of the link
    std::string detail;
    Mend mend = Mend::AskAuthority;
    std::string target;
};

//! Every id that a ChainFault can have; a test holds wording to it.
inline constexpr std::string_view kAllChainFaults[] = {
    "chain.expired",          "chain.not-yet-valid",      "chain.issuer-missing",
    "chain.root-not-trusted", "chain.self-signed",        "chain.invalid",
    "chain.wrong-usage",      "chain.not-for-signing",    "chain.not-for-encryption",
    "chain.no-address",       "chain.other-address",      "chain.weak",
    "chain.revoked",          "chain.revocation-unknown",
};

//! A certificate with everything above it, and all that is wrong.
struct ChainReport {
    std::vector<ChainLink> links;   //!< the end entity first, as far as the chain could be built
    std::string missingIssuer;      //!< its name where the chain ends too early
    std::vector<ChainFault> faults; //!< the gravest first
};

} // namespace sealpost::crypto
