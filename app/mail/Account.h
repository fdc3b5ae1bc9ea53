// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/Units.h"
#include "mail/Address.h"

#include <string>
#include <vector>

namespace sealpost::mail {

enum class SubmissionTls {
    Implicit, //!< TLS from the first byte (RFC 8314 §3.3), port 465
    StartTls, //!< STARTTLS before anything else (RFC 3207), port 587
};

enum class SignIn {
    Password,
    OAuth,       //!< an access token instead of a password (RFC 6749)
    Certificate, //!< the TLS client certificate
};

enum class ProviderKind { Other, Office365, Google, CjsmServer, Practice };

//! How an account signs in with OAuth 2.0: Sealpost as its provider knows it.
struct OAuthSettings {
    std::string issuer;       //!< "https://accounts.google.com"
    std::string clientId;     //!< of the organisation's registration
    std::string clientSecret; //!< some providers want one of a desktop's program too; no secret
    std::string scope;        //!< words parted by spaces

    bool operator==(const OAuthSettings &) const = default;
};

//! A submission account without its secret, which is in the OS keychain under keychainKey().
struct Account {
    std::string name; //!< unique in a profile
    Address address;
    std::vector<Address> identities; //!< further ones that may stand as its sender
    std::string host;                //!< A-label
    Port port = base::kSubmissionsPort;
    SubmissionTls tls = SubmissionTls::Implicit;
    std::string userName; //!< empty: no authentication
    SignIn signIn = SignIn::Password;
    OAuthSettings oauth; //!< with SignIn::OAuth
    ProviderKind provider = ProviderKind::Other;
    bool mayUseCjsm = false;
    std::string sieveServer{}; //!< of the mailbox's rules (ManageSieve), "host" or "host:port";
                               //!< empty: its rules are not looked at
    std::string certificateChainPem; //!< shown to the server in TLS; empty: none. Its key is in the
                                     //!< OS keychain under certificateKeychainKey()
    std::string imapHost; //!< A-label; empty: no copy of what was sent goes to a Sent folder
    Port imapPort{993};   //!< TLS from the first byte
    std::string signingFingerprint; //!< SHA-256, hexadecimal; empty: by address

    [[nodiscard]] std::string keychainKey() const { return "account/" + name; }
    [[nodiscard]] std::string certificateKeychainKey() const { return keychainKey() + "/tls-key"; }
};

[[nodiscard]] constexpr std::string_view toString(SubmissionTls tls) {
    switch (tls) {
    case SubmissionTls::Implicit:
        return "implicit";
    case SubmissionTls::StartTls:
        return "starttls";
    }
    return "implicit";
}

[[nodiscard]] constexpr std::string_view toString(SignIn signIn) {
    switch (signIn) {
    case SignIn::Password:
        return "password";
    case SignIn::OAuth:
        return "oauth";
    case SignIn::Certificate:
        return "certificate";
    }
    return "password";
}

[[nodiscard]] constexpr std::string_view toString(ProviderKind kind) {
    switch (kind) {
    case ProviderKind::Other:
        return "other";
    case ProviderKind::Office365:
        return "office365";
    case ProviderKind::Google:
        return "google";
    case ProviderKind::CjsmServer:
        return "cjsm";
    case ProviderKind::Practice:
        return "practice";
    }
    return "other";
}

} // namespace sealpost::mail
