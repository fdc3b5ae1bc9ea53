// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace sealpost::test {

//! What is wrong with a server's certificate; each is right in all else.
enum class ServerFault {
    None,
    Expired,
    NotYetValid,
    WrongName, //!< for "other.test" alone
    SelfSigned,
    WeakKey,             //!< RSA of 1024 bits
    WeakSignature,       //!< signed with SHA-1
    ClientPurpose,       //!< extended key usage: TLS clients
    MissingIntermediate, //!< the chain has the end entity alone
};

enum class ServerKey { EcP256, Rsa2048, Ed25519 };

//! What an OCSP response says, or what is wrong with it.
enum class Staple {
    Good,
    Revoked,
    Unknown,
    OutOfDate,
    OtherCertificate, //!< good, for another serial number
    OtherSigner,      //!< good, but signed by the certificate's own key
    OtherAuthority,   //!< good, but signed by the root, which did not issue the certificate
    TryLater,         //!< the responder's "tryLater", without an answer
};

struct TestServerCertificate {
    std::string chainPem; //!< end entity first, without the root
    std::string keyPem;
};

//! A root and an intermediate authority (EC P-256), made in memory in a few milliseconds. Failures
//! of OpenSSL end the test program. One thread at a time.
class TestCa {
public:
    TestCa();
    ~TestCa();
    TestCa(const TestCa &) = delete;
    TestCa &operator=(const TestCa &) = delete;

    [[nodiscard]] const std::string &rootPem() const;
    //! A file with rootPem(), there as long as the TestCa: for TlsClientConfig::caFile.
    [[nodiscard]] const std::string &rootFile() const;

    //! For one host ("mx.test", "*.mail.test" or an IP literal), good for a day from an hour ago.
    [[nodiscard]] TestServerCertificate server(const std::string &host,
                                               ServerFault fault = ServerFault::None,
                                               ServerKey key = ServerKey::EcP256) const;
    //! With these subjectAltNames in OpenSSL's form ("DNS:mx.test", "IP:127.0.0.1"; none: without
    //! the extension) and this common name.
    [[nodiscard]] TestServerCertificate
    serverNamed(const std::vector<std::string> &alternativeNames,
                const std::string &commonName) const;
    //! DER; for a certificate of server() or serverNamed() that the intermediate issued.
    [[nodiscard]] std::string staple(const TestServerCertificate &certificate, Staple kind) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::test
