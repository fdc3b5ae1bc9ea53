// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "crypto/OpenSslTypes.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::test {

enum class MailKey {
    Rsa2048,
    Rsa1024,
    P256,
    P384,
    P521,
    Brainpool256,
    Brainpool384,
    Brainpool512,
    Ed25519
};
enum class MailIssuer { Intermediate, Root, UnknownRoot };

//! What to put into a certificate; as it stands a good one.
struct MailPerson {
    std::string name = "person";
    std::string address = "person@example.test"; //!< empty: no subjectAltName
    MailKey key = MailKey::P256;                 //!< the others take longer to make
    std::string usage = {}; //!< empty: what fits the key; "none": no such field
    std::string extendedUsage = "emailProtection";
    std::chrono::days from{-1};
    std::chrono::days until{365};
    std::string crlUrl = "http://crl.test/intermediate.crl";
    const EVP_MD *hash = EVP_sha256();
    MailIssuer issuer = MailIssuer::Intermediate;
    std::string subjectAddress = {}; //!< emailAddress in the subject
    std::string extension = {}; //!< one more: "1.2.3=DER:0500", or critical: "1.2.3=critical,…"
};

enum class Pkcs12Form { Modern, Legacy3Des, LegacyRc2, Unprotected };

struct MailIdentity {
    crypto::X509Ptr certificate;
    crypto::KeyPtr key;
    [[nodiscard]] std::string fingerprint() const; //!< SHA-256, lower-case hexadecimal
    [[nodiscard]] std::string certificatePem() const;
    [[nodiscard]] std::string keyPem() const;
};

//! A root, an intermediate under it and a root that nobody knows; failures end the test program.
class MailPki {
public:
    explicit MailPki(Time now);
    [[nodiscard]] MailIdentity issue(const MailPerson &person) const;
    //! By an authority of one's own making.
    [[nodiscard]] MailIdentity issueBy(const MailIdentity &issuer, const MailPerson &person) const;
    //! One more authority; `extension` as of MailPerson.
    [[nodiscard]] MailIdentity authorityUnder(const MailIdentity &issuer, const std::string &name,
                                              const std::string &basicConstraints,
                                              const std::string &extension = {}) const;
    //! For a key whose private half is elsewhere.
    [[nodiscard]] MailIdentity issueFor(EVP_PKEY *key, const MailPerson &person) const;
    [[nodiscard]] std::string pkcs12(const MailIdentity &identity, const std::string &passphrase,
                                     Pkcs12Form form = Pkcs12Form::Modern) const;
    //! DER; of the intermediate or the root, good from a day before now until `until` days after.
    [[nodiscard]] std::string crl(MailIssuer issuer, const std::vector<const X509 *> &revoked = {},
                                  std::chrono::days until = std::chrono::days(10)) const;

    MailIdentity root;
    MailIdentity intermediate;
    MailIdentity unknownRoot;

private:
    [[nodiscard]] MailIdentity issueFor(EVP_PKEY *key, const MailIdentity &issuer,
                                        const MailPerson &person) const;
    [[nodiscard]] const MailIdentity &issuerOf(MailIssuer issuer) const;
    Time m_now;
};

[[nodiscard]] std::string pkcs12Of(EVP_PKEY *key, X509 *certificate,
                                   const std::vector<X509 *> &others, const std::string &passphrase,
                                   Pkcs12Form form);

} // namespace sealpost::test
