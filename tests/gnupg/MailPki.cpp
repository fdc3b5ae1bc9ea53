// SPDX-License-Identifier: GPL-3.0-or-later
#include "gnupg/MailPki.h"

#include "crypto/X509Facts.h"

#include <cstdlib>
#include <iostream>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

namespace sealpost::test {
namespace {

using namespace crypto;
using ExtensionPtr = OpenSslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using TimePtr = OpenSslPtr<ASN1_TIME, ASN1_TIME_free>;

void need(bool good, const char *what) {
    if (!good) {
        std::cerr << "MailPki: " << what << "\n";
        ERR_print_errors_fp(stderr);
        std::abort();
    }
}

KeyPtr newKey(MailKey kind) {
    switch (kind) {
    case MailKey::Rsa2048:
        return KeyPtr(EVP_RSA_gen(2048));
    case MailKey::Rsa1024:
        return KeyPtr(EVP_RSA_gen(1024));
    case MailKey::P256:
        return KeyPtr(EVP_EC_gen("P-256"));
    case MailKey::P384:
        return KeyPtr(EVP_EC_gen("P-384"));
    case MailKey::P521:
        return KeyPtr(EVP_EC_gen("P-521"));
    case MailKey::Brainpool256:
        return KeyPtr(EVP_EC_gen("brainpoolP256r1"));
    case MailKey::Brainpool384:
        return KeyPtr(EVP_EC_gen("brainpoolP384r1"));
    case MailKey::Brainpool512:
        return KeyPtr(EVP_EC_gen("brainpoolP512r1"));
    case MailKey::Ed25519:
        return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    }
    return nullptr;
}

void setTime(ASN1_TIME *field, Time time) {
    need(ASN1_TIME_set(field, std::chrono::system_clock::to_time_t(time)) != nullptr, "time");
}

void addName(X509_NAME *name, const char *field, const std::string &value) {
    need(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char *>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1,
         "name");
}

void addExtension(X509 *certificate, X509 *issuer, int nid, const std::string &value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_nconf_nid(nullptr, &context, nid, value.c_str()));
    need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

X509Ptr newCertificate(EVP_PKEY *key, const std::string &name, Time from, Time until) {
    X509Ptr certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    const BignumPtr serial(BN_new());
    BN_rand(serial.get(), 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get()));
    addName(X509_get_subject_name(certificate.get()), "O", "Sealpost test");
    addName(X509_get_subject_name(certificate.get()), "CN", name);
    setTime(X509_getm_notBefore(certificate.get()), from);
    setTime(X509_getm_notAfter(certificate.get()), until);
    need(X509_set_pubkey(certificate.get(), key) == 1, "key");
    return certificate;
}

//! "1.2.3=critical,DER:0500"; nothing for an empty text.
void addByText(X509 *certificate, X509 *issuer, const std::string &text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
        return;
    }
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    const ExtensionPtr extension(X509V3_EXT_nconf(nullptr, &context, text.substr(0, equals).c_str(),
                                                  text.substr(equals + 1).c_str()));
    need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

MailIdentity newAuthority(const std::string &name, const MailIdentity *issuer, Time now,
                          const std::string &constraints = "critical,CA:TRUE",
                          const std::string &more = {}) {
    MailIdentity made;
    made.key = newKey(MailKey::Rsa2048);
    made.certificate = newCertificate(made.key.get(), name, now - std::chrono::days(10),
                                      now + std::chrono::days(3650));
    auto *self = made.certificate.get();
    auto *by = issuer != nullptr ? issuer->certificate.get() : self;
    X509_set_issuer_name(self, X509_get_subject_name(by));
    addExtension(self, by, NID_basic_constraints, constraints);
    addByText(self, by, more);
    addExtension(self, by, NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(self, by, NID_subject_key_identifier, "hash");
    if (issuer != nullptr) {
        addExtension(self, by, NID_authority_key_identifier, "keyid");
        addExtension(self, by, NID_crl_distribution_points, "URI:http://crl.test/root.crl");
    }
    auto *key = issuer != nullptr ? issuer->key.get() : made.key.get();
    need(X509_sign(self, key, EVP_sha256()) > 0, "sign authority");
    return made;
}

std::string usageFor(const MailPerson &person) {
    if (!person.usage.empty()) {
        return person.usage;
    }
    const bool rsa = person.key == MailKey::Rsa2048 || person.key == MailKey::Rsa1024;
    return rsa ? "digitalSignature,keyEncipherment" : "digitalSignature,keyAgreement";
}

} // namespace

std::string MailIdentity::fingerprint() const {
    return x509::sha256Of(certificate.get());
}

std::string MailIdentity::certificatePem() const {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    need(PEM_write_bio_X509(bio.get(), certificate.get()) == 1, "pem");
    return collected(bio.get());
}

std::string MailIdentity::keyPem() const {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    need(PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "pem");
    return collected(bio.get());
}

MailPki::MailPki(Time now)
    : root(newAuthority("Test Root", nullptr, now)),
      intermediate(newAuthority("Test Mail Authority", &root, now)),
      unknownRoot(newAuthority("Unknown Root", nullptr, now)), m_now(now) {}

const MailIdentity &MailPki::issuerOf(MailIssuer issuer) const {
    switch (issuer) {
    case MailIssuer::Intermediate:
        return intermediate;
    case MailIssuer::Root:
        return root;
    case MailIssuer::UnknownRoot:
        return unknownRoot;
    }
    return root;
}

MailIdentity MailPki::issue(const MailPerson &person) const {
    return issueFor(newKey(person.key).get(), person);
}

MailIdentity MailPki::issueFor(EVP_PKEY *key, const MailPerson &person) const {
    return issueFor(key, issuerOf(person.issuer), person);
}

MailIdentity MailPki::issueBy(const MailIdentity &issuer, const MailPerson &person) const {
    return issueFor(newKey(person.key).get(), issuer, person);
}

MailIdentity MailPki::authorityUnder(const MailIdentity &issuer, const std::string &name,
                                     const std::string &basicConstraints,
                                     const std::string &extension) const {
    return newAuthority(name, &issuer, m_now, basicConstraints, extension);
}

MailIdentity MailPki::issueFor(EVP_PKEY *key, const MailIdentity &issuer,
                               const MailPerson &person) const {
    MailIdentity made;
    EVP_PKEY_up_ref(key);
    made.key.reset(key);
    made.certificate =
        newCertificate(made.key.get(), person.name, m_now + person.from, m_now + person.until);
    auto *self = made.certificate.get();
    auto *by = issuer.certificate.get();
    X509_set_issuer_name(self, X509_get_subject_name(by));
    if (!person.subjectAddress.empty()) {
        addName(X509_get_subject_name(self), "emailAddress", person.subjectAddress);
    }
    addExtension(self, by, NID_basic_constraints, "critical,CA:FALSE");
    if (person.usage != "none") {
        addExtension(self, by, NID_key_usage, "critical," + usageFor(person));
    }
    if (!person.extendedUsage.empty()) {
        addExtension(self, by, NID_ext_key_usage, person.extendedUsage);
    }
    if (!person.address.empty()) {
        addExtension(self, by, NID_subject_alt_name, "email:" + person.address);
    }
    if (!person.crlUrl.empty()) {
        addExtension(self, by, NID_crl_distribution_points, "URI:" + person.crlUrl);
    }
    addByText(self, by, person.extension);
    addExtension(self, by, NID_subject_key_identifier, "hash");
    addExtension(self, by, NID_authority_key_identifier, "keyid");
    need(X509_sign(self, issuer.key.get(), person.hash) > 0, "sign person");
    return made;
}

std::string MailPki::crl(MailIssuer issuer, const std::vector<const X509 *> &revoked,
                         std::chrono::days until) const {
    const auto &by = issuerOf(issuer);
    const CrlPtr list(X509_CRL_new());
    const TimePtr from(ASN1_TIME_new());
    const TimePtr next(ASN1_TIME_new());
    setTime(from.get(), m_now - std::chrono::days(1));
    setTime(next.get(), m_now + until);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(by.certificate.get()));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), next.get());
    for (const auto *certificate : revoked) {
        auto *entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(
            entry, const_cast<ASN1_INTEGER *>(X509_get0_serialNumber(certificate)));
        X509_REVOKED_set_revocationDate(entry, from.get());
        const OpenSslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
        ASN1_ENUMERATED_set(reason.get(), CRL_REASON_KEY_COMPROMISE);
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0);
        need(X509_CRL_add0_revoked(list.get(), entry) == 1, "revoke");
    }
    X509_CRL_sort(list.get());
    need(X509_CRL_sign(list.get(), by.key.get(), EVP_sha256()) > 0, "sign crl");
    const BioPtr bio(BIO_new(BIO_s_mem()));
    i2d_X509_CRL_bio(bio.get(), list.get());
    return collected(bio.get());
}

std::string pkcs12Of(EVP_PKEY *key, X509 *certificate, const std::vector<X509 *> &others,
                     const std::string &passphrase, Pkcs12Form form) {
    const OpenSslPtr<OSSL_LIB_CTX, OSSL_LIB_CTX_free> library(OSSL_LIB_CTX_new());
    using ProviderPtr = OpenSslPtr<OSSL_PROVIDER, OSSL_PROVIDER_unload>;
    const ProviderPtr standard(OSSL_PROVIDER_load(library.get(), "default"));
    const ProviderPtr legacy(OSSL_PROVIDER_load(library.get(), "legacy"));
    int keyCipher = 0;
    int certificateCipher = 0;
    switch (form) {
    case Pkcs12Form::Modern:
        break;
    case Pkcs12Form::Legacy3Des:
        keyCipher = certificateCipher = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
        break;
    case Pkcs12Form::LegacyRc2:
        keyCipher = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
        certificateCipher = NID_pbe_WithSHA1And40BitRC2_CBC;
        break;
    case Pkcs12Form::Unprotected:
        keyCipher = certificateCipher = -1;
        break;
    }
    const OpenSslPtr<STACK_OF(X509), [](STACK_OF(X509) * s) { sk_X509_free(s); }> chain(
        sk_X509_new_null());
    for (auto *other : others) {
        sk_X509_push(chain.get(), other);
    }
    const OpenSslPtr<PKCS12, PKCS12_free> file(
        PKCS12_create_ex(passphrase.c_str(), "test", key, certificate, chain.get(), keyCipher,
                         certificateCipher, 0, 0, 0, library.get(), nullptr));
    const BioPtr bio(BIO_new(BIO_s_mem()));
    need(file && i2d_PKCS12_bio(bio.get(), file.get()) == 1, "pkcs12");
    return collected(bio.get());
}

std::string MailPki::pkcs12(const MailIdentity &identity, const std::string &passphrase,
                            Pkcs12Form form) const {
    return pkcs12Of(identity.key.get(), identity.certificate.get(),
                    {intermediate.certificate.get(), root.certificate.get()}, passphrase, form);
}

} // namespace sealpost::test
