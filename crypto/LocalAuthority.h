// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "base/SecretBytes.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sealpost::crypto {

//! What kind of key a person's certificate is for.
enum class PersonalKey {
    Rsa3072, //!< for signing and key encipherment
    EcP256,  //!< for signing and key agreement
};

//! A certificate for a TLS server; in memory only.
struct ServerIdentity {
    std::string certificateChainPem; //!< end entity, then root
    std::string privateKeyPem;
};

//! A person's certificate, and with its key as a PKCS#12 file under the passphrase asked for.
struct PersonalIdentity {
    std::string certificatePem;
    std::string fingerprint; //!< SHA-256, lower-case hexadecimal
    std::string pkcs12;      //!< with the root; PBES2, AES-256
};

//! A certificate authority made on the spot, of practice mode and tests alone: its key lies in a
//! plain file where it is saved. One thread at a time.
//! Errors of all calls: Bug "authority.failed"; FixInput "authority.bad-name" where a name or an
//! address has a control character, a comma or nothing in it.
class LocalAuthority {
public:
    //! A new root (RSA, which GnuPG's dirmngr needs to check a CRL), valid for ten years. `crlUrl`
    //! goes into every personal certificate.
    [[nodiscard]] static Result<std::unique_ptr<LocalAuthority>>
    create(std::string_view commonName, std::string_view crlUrl, Time now);
    //! What save() wrote. AskAdmin "authority.unreadable" with the file as subject.
    [[nodiscard]] static Result<std::unique_ptr<LocalAuthority>>
    load(const std::filesystem::path &folder, std::string_view crlUrl);
    ~LocalAuthority();
    LocalAuthority(const LocalAuthority &) = delete;
    LocalAuthority &operator=(const LocalAuthority &) = delete;

    //! root.pem and root.key (0600) into an existing folder. AskAdmin "authority.unwritable".
    [[nodiscard]] Result<void> save(const std::filesystem::path &folder) const;

    [[nodiscard]] std::string rootPem() const;
    //! SHA-256 of the root, lower-case hexadecimal.
    [[nodiscard]] std::string rootFingerprint() const;
    [[nodiscard]] Time notAfter() const; //!< of the root

    //! For one year, EC P-256. `dnsNames` are A-labels.
    [[nodiscard]] Result<ServerIdentity> issueServer(std::span<const std::string> dnsNames,
                                                     Time now) const;
    //! Until the root ends. `address` is an addr-spec in ASCII.
    [[nodiscard]] Result<PersonalIdentity> issuePerson(std::string_view name,
                                                       std::string_view address, PersonalKey key,
                                                       const SecretBytes &passphrase,
                                                       Time now) const;
    //! A certificate revocation list that names nobody, DER, good for 30 days (RFC 5280 §5).
    [[nodiscard]] Result<std::string> crl(Time now) const;

private:
    struct Private;
    explicit LocalAuthority(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::crypto
