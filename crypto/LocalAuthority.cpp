// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/LocalAuthority.h"

#include "base/Text.h"
#include "crypto/OpenSslPtr.h"
#include "crypto/SealedBox.h"

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <system_error>
#include <utility>

namespace sealpost::crypto {

namespace {

using BioPtr = OpenSslPtr<BIO, BIO_free_all>;
using CertificatePtr = OpenSslPtr<X509, X509_free>;
using CrlPtr = OpenSslPtr<X509_CRL, X509_CRL_free>;
using ExtensionPtr = OpenSslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using IntegerPtr = OpenSslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using NumberPtr = OpenSslPtr<BIGNUM, BN_free>;
using Pkcs12Ptr = OpenSslPtr<PKCS12, PKCS12_free>;
using TimePtr = OpenSslPtr<ASN1_TIME, ASN1_TIME_free>;

constexpr auto kStage = "authority";
constexpr int kRootBits = 2048;
constexpr std::chrono::days kRootLife{3650};
constexpr std::chrono::days kServerLife{365};
constexpr std::chrono::days kCrlLife{30};
// Clocks of one computer and its servers may differ a little; so may a test's.
constexpr std::chrono::hours kBackdated{24};

tl::unexpected<Error> failed(std::string_view what) {
    return fail("authority.failed", kStage, Reaction::Bug, what);
}

bool fitForName(std::string_view text) {
    return !text.empty() && text.find(',') == std::string_view::npos &&
           !base::hasControlCharacters(text);
}

tl::unexpected<Error> badName(std::string_view text) {
    return fail("authority.bad-name", kStage, Reaction::FixInput, {}, text);
}

KeyPtr newRsaKey(unsigned bits) {
    return KeyPtr(EVP_RSA_gen(bits));
}

KeyPtr newEcKey() {
    return KeyPtr(EVP_EC_gen("P-256"));
}

std::string bytesOf(BIO *bio) {
    char *data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string toPem(X509 *certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    return bio && PEM_write_bio_X509(bio.get(), certificate) == 1 ? bytesOf(bio.get()) : "";
}

std::string toPem(EVP_PKEY *key) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    return bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr,
                                                nullptr) == 1
               ? bytesOf(bio.get())
               : "";
}

std::string fingerprintOf(const X509 *certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) {
        return {};
    }
    return base::toHex({reinterpret_cast<const char *>(digest.data()), size});
}

bool setTime(ASN1_TIME *field, Time time) {
    return ASN1_TIME_set(field, std::chrono::system_clock::to_time_t(time)) != nullptr;
}

bool setRandomSerial(X509 *certificate) {
    // 127 bits, so that the number is positive (RFC 5280 §4.1.2.2).
    const NumberPtr number(BN_new());
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool setName(X509_NAME *name, std::string_view commonName) {
    const auto add = [name](const char *field, std::string_view value) {
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char *>(value.data()),
                                          static_cast<int>(value.size()), -1, 0) == 1;
    };
    return add("O", "Sealpost practice") && add("CN", commonName);
}

bool addExtension(X509 *certificate, X509 *issuer, int nid, const std::string &value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_nconf_nid(nullptr, &context, nid, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Life {
    Time from;
    Time until;
};

CertificatePtr newCertificate(EVP_PKEY *key, std::string_view commonName, const X509_NAME *issuer,
                              const Life &life) {
    CertificatePtr certificate(X509_new());
    if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
        !setRandomSerial(certificate.get()) ||
        !setName(X509_get_subject_name(certificate.get()), commonName) ||
        X509_set_issuer_name(certificate.get(),
                             issuer != nullptr ? issuer
                                               : X509_get_subject_name(certificate.get())) != 1 ||
        !setTime(X509_getm_notBefore(certificate.get()), life.from) ||
        !setTime(X509_getm_notAfter(certificate.get()), life.until) ||
        X509_set_pubkey(certificate.get(), key) != 1) {
        return nullptr;
    }
    return certificate;
}

std::string readFile(const std::filesystem::path &file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Result<void> writeFile(const std::filesystem::path &file, std::string_view bytes) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::error_code error;
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out || error) {
        return fail("authority.unwritable", kStage, Reaction::AskAdmin, error.message(),
                    file.string());
    }
    return {};
}

} // namespace

struct LocalAuthority::Private {
    KeyPtr key;
    CertificatePtr root;
    std::string crlUrl;

    [[nodiscard]] CertificatePtr start(EVP_PKEY *subjectKey, std::string_view commonName,
                                       const Life &life) const {
        return newCertificate(subjectKey, commonName, X509_get_subject_name(root.get()), life);
    }
    [[nodiscard]] bool add(X509 *certificate, int nid, const std::string &value) const {
        return addExtension(certificate, root.get(), nid, value);
    }
    [[nodiscard]] bool finish(X509 *certificate) const {
        return add(certificate, NID_subject_key_identifier, "hash") &&
               add(certificate, NID_authority_key_identifier, "keyid") &&
               X509_sign(certificate, key.get(), EVP_sha256()) > 0;
    }
};

LocalAuthority::LocalAuthority(std::unique_ptr<Private> data) : d(std::move(data)) {}
LocalAuthority::~LocalAuthority() = default;

Result<std::unique_ptr<LocalAuthority>> LocalAuthority::create(std::string_view commonName,
                                                               std::string_view crlUrl, Time now) {
    if (!fitForName(commonName)) {
        return badName(commonName);
    }
    if (!fitForName(crlUrl)) {
        return badName(crlUrl);
    }
    auto data = std::make_unique<Private>();
    data->crlUrl = crlUrl;
    data->key = newRsaKey(kRootBits);
    if (!data->key) {
        return failed("root key");
    }
    data->root = newCertificate(data->key.get(), commonName, nullptr,
                                {now - kBackdated, now - kBackdated + kRootLife});
    auto *root = data->root.get();
    if (root == nullptr ||
        !addExtension(root, root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !addExtension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !addExtension(root, root, NID_subject_key_identifier, "hash") ||
        X509_sign(root, data->key.get(), EVP_sha256()) <= 0) {
        return failed("root");
    }
    return std::unique_ptr<LocalAuthority>(new LocalAuthority(std::move(data)));
}

Result<std::unique_ptr<LocalAuthority>> LocalAuthority::load(const std::filesystem::path &folder,
                                                             std::string_view crlUrl) {
    const auto unreadable = [&folder](const char *name) {
        return fail("authority.unreadable", kStage, Reaction::AskAdmin, name,
                    (folder / name).string());
    };
    if (!fitForName(crlUrl)) {
        return badName(crlUrl);
    }
    auto data = std::make_unique<Private>();
    data->crlUrl = crlUrl;
    const auto rootPem = readFile(folder / "root.pem");
    const BioPtr rootBio(BIO_new_mem_buf(rootPem.data(), static_cast<int>(rootPem.size())));
    data->root.reset(PEM_read_bio_X509(rootBio.get(), nullptr, nullptr, nullptr));
    if (!data->root) {
        return unreadable("root.pem");
    }
    auto keyPem = readFile(folder / "root.key");
    const BioPtr keyBio(BIO_new_mem_buf(keyPem.data(), static_cast<int>(keyPem.size())));
    data->key.reset(PEM_read_bio_PrivateKey(keyBio.get(), nullptr, nullptr, nullptr));
    base::wipe(keyPem);
    if (!data->key || X509_check_private_key(data->root.get(), data->key.get()) != 1) {
        return unreadable("root.key");
    }
    return std::unique_ptr<LocalAuthority>(new LocalAuthority(std::move(data)));
}

Result<void> LocalAuthority::save(const std::filesystem::path &folder) const {
    SecretBytes keyPem(toPem(d->key.get()));
    if (keyPem.empty()) {
        return failed("key");
    }
    auto written = writeFile(folder / "root.key", keyPem.view());
    if (!written) {
        return written;
    }
    return writeFile(folder / "root.pem", rootPem());
}

std::string LocalAuthority::rootPem() const {
    return toPem(d->root.get());
}

std::string LocalAuthority::rootFingerprint() const {
    return fingerprintOf(d->root.get());
}

Time LocalAuthority::notAfter() const {
    int days = 0;
    int seconds = 0;
    const TimePtr epoch(ASN1_TIME_set(nullptr, 0));
    if (ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(d->root.get())) != 1) {
        return {};
    }
    return Time{} + std::chrono::days(days) + std::chrono::seconds(seconds);
}

Result<ServerIdentity> LocalAuthority::issueServer(std::span<const std::string> dnsNames,
                                                   Time now) const {
    std::string names;
    for (const auto &name : dnsNames) {
        if (!fitForName(name)) {
            return badName(name);
        }
        names += (names.empty() ? "DNS:" : ",DNS:") + name;
    }
    if (names.empty()) {
        return badName({});
    }
    const auto key = newEcKey();
    const auto certificate =
        key ? d->start(key.get(), dnsNames.front(), {now - kBackdated, now + kServerLife})
            : nullptr;
    if (!certificate || !d->add(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") ||
        !d->add(certificate.get(), NID_key_usage, "critical,digitalSignature") ||
        !d->add(certificate.get(), NID_ext_key_usage, "serverAuth") ||
        !d->add(certificate.get(), NID_subject_alt_name, names) || !d->finish(certificate.get())) {
        return failed("server");
    }
    return ServerIdentity{toPem(certificate.get()) + rootPem(), toPem(key.get())};
}

Result<PersonalIdentity> LocalAuthority::issuePerson(std::string_view name,
                                                     std::string_view address, PersonalKey kind,
                                                     const SecretBytes &passphrase,
                                                     Time now) const {
    if (!fitForName(name)) {
        return badName(name);
    }
    if (!fitForName(address)) {
        return badName(address);
    }
    const auto rsa = kind == PersonalKey::Rsa3072;
    const auto key = rsa ? newRsaKey(3072) : newEcKey();
    const auto certificate =
        key ? d->start(key.get(), name, {now - kBackdated, notAfter()}) : nullptr;
    const std::string usage = rsa ? "keyEncipherment" : "keyAgreement";
    if (!certificate || !d->add(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") ||
        !d->add(certificate.get(), NID_key_usage, "critical,digitalSignature," + usage) ||
        !d->add(certificate.get(), NID_ext_key_usage, "emailProtection") ||
        !d->add(certificate.get(), NID_subject_alt_name, "email:" + std::string(address)) ||
        !d->add(certificate.get(), NID_crl_distribution_points, "URI:" + d->crlUrl) ||
        !d->finish(certificate.get())) {
        return failed("person");
    }
    OpenSslPtr<STACK_OF(X509), [](STACK_OF(X509) * chain) { sk_X509_free(chain); }> chain(
        sk_X509_new_null());
    if (!chain || sk_X509_push(chain.get(), d->root.get()) != 1) {
        return failed("chain");
    }
    const SecretBytes terminated(std::string(passphrase.view()) + '\0');
    const Pkcs12Ptr container(PKCS12_create(terminated.view().data(), std::string(name).c_str(),
                                            key.get(), certificate.get(), chain.get(), 0, 0, 0, 0,
                                            0));
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (!container || !bio || i2d_PKCS12_bio(bio.get(), container.get()) != 1) {
        return failed("pkcs12");
    }
    return PersonalIdentity{toPem(certificate.get()), fingerprintOf(certificate.get()),
                            bytesOf(bio.get())};
}

Result<std::string> LocalAuthority::crl(Time now) const {
    const CrlPtr list(X509_CRL_new());
    const TimePtr from(ASN1_TIME_new());
    const TimePtr until(ASN1_TIME_new());
    const IntegerPtr number(ASN1_INTEGER_new());
    if (!list || !from || !until || !number || !setTime(from.get(), now - kBackdated) ||
        !setTime(until.get(), now + kCrlLife) ||
        ASN1_INTEGER_set_int64(number.get(), now.time_since_epoch().count()) != 1 ||
        X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) != 1 ||
        X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(d->root.get())) != 1 ||
        X509_CRL_set1_lastUpdate(list.get(), from.get()) != 1 ||
        X509_CRL_set1_nextUpdate(list.get(), until.get()) != 1 ||
        X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) != 1) {
        return failed("crl");
    }
    X509V3_CTX context{};
    X509V3_set_ctx(&context, d->root.get(), nullptr, nullptr, list.get(), 0);
    const ExtensionPtr keyId(
        X509V3_EXT_nconf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (!keyId || X509_CRL_add_ext(list.get(), keyId.get(), -1) != 1 ||
        X509_CRL_sign(list.get(), d->key.get(), EVP_sha256()) <= 0 || !bio ||
        i2d_X509_CRL_bio(bio.get(), list.get()) != 1) {
        return failed("crl");
    }
    return bytesOf(bio.get());
}

} // namespace sealpost::crypto
