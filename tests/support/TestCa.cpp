// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/TestCa.h"

#include "crypto/OpenSslPtr.h"

#include <QFile>
#include <QTemporaryDir>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace sealpost::test {
namespace {

using crypto::OpenSslPtr;
using Key = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using Certificate = OpenSslPtr<X509, X509_free>;

constexpr long kHour = 3600;
constexpr long kDay = 24 * kHour;
constexpr unsigned kWeakBits = 1024;
constexpr unsigned kRsaBits = 2048;

void require(bool holds, const char *what) {
    if (!holds) {
        qFatal("TestCa: %s", what);
    }
}

struct Authority {
    Certificate certificate;
    Key key;
};

//! What goes into a certificate; offsets from the present in seconds.
struct Contents {
    std::string commonName;
    std::vector<std::pair<int, std::string>> extensions; // NID and OpenSSL's text form
    long from = -kHour;
    long until = kDay;
    const EVP_MD *digest = EVP_sha256();
};

Key makeKey(ServerKey kind) {
    switch (kind) {
    case ServerKey::EcP256:
        return Key(EVP_EC_gen("P-256"));
    case ServerKey::Rsa2048:
        return Key(EVP_RSA_gen(kRsaBits));
    case ServerKey::Ed25519:
        return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    }
    return {};
}

std::string pemOf(X509 *certificate) {
    const OpenSslPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(out.get(), certificate) == 1, "certificate as PEM");
    char *text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pemOf(EVP_PKEY *key) {
    const OpenSslPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
                1,
            "key as PEM");
    char *text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

void setRandomSerial(X509 *certificate) {
    const OpenSslPtr<BIGNUM, BN_free> number(BN_new());
    require(BN_rand(number.get(), 64, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
            "serial number");
}

//! Signed by `issuer`, or by itself where there is none.
Certificate issue(const Contents &contents, EVP_PKEY *key, const Authority *issuer) {
    Certificate made(X509_new());
    require(made && key != nullptr, "memory or key");
    X509 *subject = made.get();
    X509_set_version(subject, X509_VERSION_3);
    setRandomSerial(subject);
    X509_gmtime_adj(X509_getm_notBefore(subject), contents.from);
    X509_gmtime_adj(X509_getm_notAfter(subject), contents.until);
    X509_set_pubkey(subject, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(subject), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(contents.commonName.c_str()),
                               -1, -1, 0);
    X509 *signer = issuer != nullptr ? issuer->certificate.get() : subject;
    X509_set_issuer_name(subject, X509_get_subject_name(signer));
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, subject, nullptr, nullptr, 0);
    auto extensions = contents.extensions;
    if (issuer != nullptr) {
        extensions.emplace_back(NID_authority_key_identifier, "keyid:always");
    }
    for (const auto &[nid, text] : extensions) {
        const OpenSslPtr<X509_EXTENSION, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, nid, text.c_str()));
        require(extension && X509_add_ext(subject, extension.get(), -1) == 1, text.c_str());
    }
    EVP_PKEY *signingKey = issuer != nullptr ? issuer->key.get() : key;
    const auto *digest =
        EVP_PKEY_get_base_id(signingKey) == EVP_PKEY_ED25519 ? nullptr : contents.digest;
    require(X509_sign(subject, signingKey, digest) > 0, "signing");
    return made;
}

Authority makeAuthority(const std::string &name, const char *constraints, const Authority *issuer) {
    Authority made;
    made.key = makeKey(ServerKey::EcP256);
    Contents contents;
    contents.commonName = name;
    contents.until = 10 * kDay;
    contents.from = -10 * kDay;
    contents.extensions = {{NID_basic_constraints, constraints},
                           {NID_key_usage, "critical,keyCertSign,cRLSign"},
                           {NID_subject_key_identifier, "hash"}};
    made.certificate = issue(contents, made.key.get(), issuer);
    return made;
}

Contents serverContents(const std::string &alternativeNames, const std::string &commonName) {
    Contents contents;
    contents.commonName = commonName;
    contents.extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                           {NID_key_usage, "critical,digitalSignature"},
                           {NID_ext_key_usage, "serverAuth"}};
    if (!alternativeNames.empty()) {
        contents.extensions.emplace_back(NID_subject_alt_name, alternativeNames);
    }
    return contents;
}

Certificate certificateFrom(const std::string &pem) {
    const OpenSslPtr<BIO, BIO_free_all> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

Key keyFrom(const std::string &pem) {
    const OpenSslPtr<BIO, BIO_free_all> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
}

int statusOf(Staple kind) {
    switch (kind) {
    case Staple::Revoked:
        return V_OCSP_CERTSTATUS_REVOKED;
    case Staple::Unknown:
        return V_OCSP_CERTSTATUS_UNKNOWN;
    case Staple::Good:
    case Staple::OutOfDate:
    case Staple::OtherCertificate:
    case Staple::OtherSigner:
    case Staple::OtherAuthority:
    case Staple::TryLater:
        return V_OCSP_CERTSTATUS_GOOD;
    }
    return V_OCSP_CERTSTATUS_GOOD;
}

std::string derOf(OCSP_RESPONSE *response) {
    unsigned char *bytes = nullptr;
    const int size = i2d_OCSP_RESPONSE(response, &bytes);
    require(size > 0, "OCSP response");
    std::string der(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

std::string alternativeName(const std::string &host) {
    const OpenSslPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> address(
        a2i_IPADDRESS(host.c_str()));
    return (address ? "IP:" : "DNS:") + host;
}

} // namespace

struct TestCa::Private {
    Authority root = makeAuthority("Test root", "critical,CA:TRUE", nullptr);
    Authority intermediate =
        makeAuthority("Test intermediate", "critical,CA:TRUE,pathlen:0", &root);
    std::string rootPem = pemOf(root.certificate.get());
    QTemporaryDir folder;
    std::string rootFile;
};

TestCa::TestCa() : d(std::make_unique<Private>()) {
    d->rootFile = d->folder.filePath(QStringLiteral("root.pem")).toStdString();
    QFile file(QString::fromStdString(d->rootFile));
    require(file.open(QIODevice::WriteOnly) &&
                file.write(d->rootPem.data(), static_cast<qint64>(d->rootPem.size())) > 0,
            "root.pem");
}

TestCa::~TestCa() = default;

const std::string &TestCa::rootPem() const {
    return d->rootPem;
}

const std::string &TestCa::rootFile() const {
    return d->rootFile;
}

TestServerCertificate TestCa::server(const std::string &host, ServerFault fault,
                                     ServerKey kind) const {
    auto contents = serverContents(alternativeName(host), host);
    auto key = makeKey(kind);
    const Authority *issuer = &d->intermediate;
    switch (fault) {
    case ServerFault::None:
    case ServerFault::MissingIntermediate:
        break;
    case ServerFault::Expired:
        contents.from = -2 * kDay;
        contents.until = -kDay;
        break;
    case ServerFault::NotYetValid:
        contents.from = kDay;
        contents.until = 2 * kDay;
        break;
    case ServerFault::WrongName:
        contents = serverContents("DNS:other.test", "other.test");
        break;
    case ServerFault::SelfSigned:
        issuer = nullptr;
        break;
    case ServerFault::WeakKey:
        key.reset(EVP_RSA_gen(kWeakBits));
        break;
    case ServerFault::WeakSignature:
        contents.digest = EVP_sha1();
        break;
    case ServerFault::ClientPurpose:
        contents.extensions[2].second = "clientAuth";
        break;
    }
    auto chain = pemOf(issue(contents, key.get(), issuer).get());
    if (fault != ServerFault::SelfSigned && fault != ServerFault::MissingIntermediate) {
        chain += pemOf(d->intermediate.certificate.get());
    }
    return {chain, pemOf(key.get())};
}

TestServerCertificate TestCa::serverNamed(const std::vector<std::string> &alternativeNames,
                                          const std::string &commonName) const {
    std::string names;
    for (const auto &name : alternativeNames) {
        names += (names.empty() ? "" : ",") + name;
    }
    const auto key = makeKey(ServerKey::EcP256);
    const auto leaf = issue(serverContents(names, commonName), key.get(), &d->intermediate);
    return {pemOf(leaf.get()) + pemOf(d->intermediate.certificate.get()), pemOf(key.get())};
}

std::string TestCa::staple(const TestServerCertificate &certificate, Staple kind) const {
    using Times = OpenSslPtr<ASN1_TIME, ASN1_TIME_free>;
    using Response = OpenSslPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
    if (kind == Staple::TryLater) {
        return derOf(Response(OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr)).get());
    }
    const auto leaf = certificateFrom(certificate.chainPem);
    const auto leafKey = keyFrom(certificate.keyPem);
    require(leaf && leafKey, "certificate to staple for");
    X509 *issuer = d->intermediate.certificate.get();
    if (kind == Staple::OtherCertificate) {
        setRandomSerial(leaf.get());
    }
    const OpenSslPtr<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
    const OpenSslPtr<OCSP_CERTID, OCSP_CERTID_free> id(
        OCSP_cert_to_id(EVP_sha256(), leaf.get(), issuer));
    const long until = kind == Staple::OutOfDate ? -kHour : kDay;
    const Times from(X509_gmtime_adj(nullptr, -2 * kHour));
    const Times next(X509_gmtime_adj(nullptr, until));
    const Times revoked(kind == Staple::Revoked ? X509_gmtime_adj(nullptr, -3 * kHour) : nullptr);
    require(OCSP_basic_add1_status(basic.get(), id.get(), statusOf(kind), 0, revoked.get(),
                                   from.get(), next.get()) != nullptr,
            "OCSP status");
    X509 *signer = issuer;
    EVP_PKEY *key = d->intermediate.key.get();
    if (kind == Staple::OtherSigner) {
        signer = leaf.get();
        key = leafKey.get();
    } else if (kind == Staple::OtherAuthority) {
        signer = d->root.certificate.get();
        key = d->root.key.get();
    }
    require(OCSP_basic_sign(basic.get(), signer, key, EVP_sha256(), nullptr, 0) == 1,
            "OCSP signature");
    return derOf(
        Response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get())).get());
}

} // namespace sealpost::test
