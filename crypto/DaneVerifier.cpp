// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/DaneVerifier.h"

#include "base/Text.h"
#include "crypto/DerElement.h"
#include "crypto/OpenSslTypes.h"
#include "crypto/TlsPeerVerifier.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace sealpost::crypto {
namespace {

constexpr std::uint8_t kPkixEe = 1;
constexpr std::uint8_t kDaneEe = 3;
constexpr std::uint8_t kFullCertificate = 0;
constexpr std::uint8_t kPublicKey = 1;
constexpr std::uint8_t kExact = 0;
constexpr std::uint8_t kSha256 = 1;
constexpr std::uint8_t kSha512 = 2;
constexpr std::size_t kSha256Size = 32;
constexpr std::size_t kSha512Size = 64;

const unsigned char *bytesOf(const std::string &text) {
    return reinterpret_cast<const unsigned char *>(text.data());
}

X509Ptr certificateFrom(const std::string &der) {
    const auto *at = bytesOf(der);
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return at == bytesOf(der) + der.size() ? std::move(certificate) : nullptr;
}

bool isPublicKey(const std::string &der) {
    const auto *at = bytesOf(der);
    const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return key && at == bytesOf(der) + der.size();
}

bool isCertificate(const std::string &der) {
    const auto certificate = certificateFrom(der);
    return certificate && X509_get0_pubkey(certificate.get()) != nullptr;
}

//! The SubjectPublicKeyInfo of a certificate, empty where it is none: OpenSSL's reading makes a key
//! of it at once, which costs more than all else here.
//= RFC 5280 §4.1: version (where it is not 1), serialNumber, signature, issuer, validity, subject,
// subjectPublicKeyInfo.
std::string_view publicKeyInfoOf(std::string_view certificate) {
    constexpr int kAfterSerialNumber = 5;
    auto rest = certificate;
    auto signedPart = takeElement(rest).content;
    auto fields = takeElement(signedPart);
    if (!rest.empty() || fields.tag != V_ASN1_SEQUENCE) {
        return {};
    }
    auto field = takeElement(fields.content);
    if (field.kind == V_ASN1_CONTEXT_SPECIFIC) { // the version
        field = takeElement(fields.content);
    }
    for (int i = 0; i < kAfterSerialNumber; ++i) {
        field = takeElement(fields.content);
    }
    return field.whole;
}

std::string digestOf(std::string_view bytes, const EVP_MD *kind) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const bool made =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) == 1;
    return made ? std::string(reinterpret_cast<const char *>(digest.data()), size) : std::string();
}

//= RFC 7671 §9: beside a stronger digest of the same thing a weaker one does not count.
bool isOutdone(const TlsaRecord &record, std::span<const TlsaRecord> usable) {
    return record.matchingType == kSha256 && std::ranges::any_of(usable, [&](const auto &other) {
               return other.matchingType == kSha512 && other.usage == record.usage &&
                      other.selector == record.selector;
           });
}

//! Of a usable record.
bool names(const TlsaRecord &record, std::string_view bytes) {
    switch (record.matchingType) {
    case kSha256:
        return record.data == digestOf(bytes, EVP_sha256());
    case kSha512:
        return record.data == digestOf(bytes, EVP_sha512());
    default:
        return record.data == bytes;
    }
}

//! The first of the usable records that names the peer's own certificate or key: that settles it.
//= RFC 7672 §3.1.1: neither names nor dates nor who signed it count then.
const TlsaRecord *namingThePeer(std::span<const TlsaRecord> usable, std::string_view certificate) {
    const auto key = publicKeyInfoOf(certificate);
    if (key.empty()) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(usable, [&](const auto &record) {
        return record.usage == kDaneEe && !isOutdone(record, usable) &&
               names(record, record.selector == kFullCertificate ? certificate : key);
    });
    return found == usable.end() ? nullptr : &*found;
}

//! OpenSSL keeps TLSA records in a connection alone; this one never connects to anything.
class Carrier {
public:
    Carrier() : m_context(SSL_CTX_new(TLS_client_method())) {
        if (m_context && SSL_CTX_dane_enable(m_context.get()) == 1) {
            m_connection.reset(SSL_new(m_context.get()));
        }
        if (m_connection && SSL_dane_enable(m_connection.get(), nullptr) != 1) {
            m_connection.reset();
        }
        if (m_connection) {
            //= RFC 7672 §3.1.1: for DANE-EE the names in the certificate don't count.
            SSL_dane_set_flags(m_connection.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);
        }
    }
    void add(const TlsaRecord &record) {
        if (m_connection) {
            (void)SSL_dane_tlsa_add(m_connection.get(), record.usage, record.selector,
                                    record.matchingType, bytesOf(record.data), record.data.size());
        }
        ERR_clear_error();
    }
    [[nodiscard]] SSL_DANE *dane() const { return SSL_get0_dane(m_connection.get()); }
    [[nodiscard]] std::optional<TlsaRecord> matched() const {
        TlsaRecord record;
        const unsigned char *data = nullptr;
        std::size_t size = 0;
        if (SSL_get0_dane_tlsa(m_connection.get(), &record.usage, &record.selector,
                               &record.matchingType, &data, &size) < 0) {
            return std::nullopt;
        }
        record.data.assign(reinterpret_cast<const char *>(data), size);
        return record;
    }

private:
    OpenSslPtr<SSL_CTX, SSL_CTX_free> m_context;
    OpenSslPtr<SSL, SSL_free> m_connection;
};

//! Only full host names reach the name check: one with a leading dot would match a whole domain.
bool setNames(X509_VERIFY_PARAM *rules, std::span<const std::string> names) {
    bool any = false;
    for (const auto &name : names) {
        if (isHostNameOrIp(name) && !isIpLiteral(name)) {
            any = X509_VERIFY_PARAM_add1_host(rules, name.c_str(), name.size()) == 1 || any;
        }
    }
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                               X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return any;
}

//! Empty where the chain fulfils the carrier's records; else why not.
std::string complaintOf(const Carrier &carrier, X509 *leaf, STACK_OF(X509) * sent,
                        std::span<const std::string> names, Time now) {
    const OpenSslPtr<X509_STORE, X509_STORE_free> noRoots(X509_STORE_new());
    const OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free> check(X509_STORE_CTX_new());
    if (!noRoots || !check || X509_STORE_CTX_init(check.get(), noRoots.get(), leaf, sent) != 1 ||
        X509_STORE_CTX_set_default(check.get(), "ssl_server") != 1) {
        return "out of memory";
    }
    auto *rules = X509_STORE_CTX_get0_param(check.get());
    X509_VERIFY_PARAM_set_time(rules, now.time_since_epoch().count());
    if (!setNames(rules, names)) {
        return "no name to look for";
    }
    X509_STORE_CTX_set0_dane(check.get(), carrier.dane());
    const bool fulfilled = X509_verify_cert(check.get()) == 1;
    return fulfilled ? std::string()
                     : X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
}

} // namespace

std::string describe(const TlsaRecord &record) {
    constexpr std::size_t kShown = 32;
    return std::to_string(record.usage) + " " + std::to_string(record.selector) + " " +
           std::to_string(record.matchingType) + " " +
           base::toHex(std::string_view(record.data).substr(0, kShown)) +
           (record.data.size() > kShown ? "…" : "");
}

TlsaFault faultOf(const TlsaRecord &record) {
    if (record.usage > kDaneEe) {
        return TlsaFault::UnknownUsage;
    }
    //= RFC 7672 §3.1.3: a server that asks for a public authority by TLSA can't be told apart from
    // an impostor of another one; SMTP takes such records as unusable.
    if (record.usage <= kPkixEe) {
        return TlsaFault::PkixUsage;
    }
    if (record.selector > kPublicKey) {
        return TlsaFault::UnknownSelector;
    }
    switch (record.matchingType) {
    case kSha256:
        return record.data.size() == kSha256Size ? TlsaFault::None : TlsaFault::WrongLength;
    case kSha512:
        return record.data.size() == kSha512Size ? TlsaFault::None : TlsaFault::WrongLength;
    case kExact: {
        const bool wellFormed = record.selector == kFullCertificate ? isCertificate(record.data)
                                                                    : isPublicKey(record.data);
        return wellFormed ? TlsaFault::None : TlsaFault::Malformed;
    }
    default:
        return TlsaFault::UnknownMatchingType;
    }
}

DaneVerdict verifyDane(std::span<const TlsaRecord> records, std::span<const std::string> chain,
                       std::span<const std::string> names, Time now) {
    DaneVerdict verdict;
    std::vector<TlsaRecord> usable;
    std::ranges::copy_if(records, std::back_inserter(usable),
                         [](const auto &record) { return faultOf(record) == TlsaFault::None; });
    verdict.usable = usable.size();
    if (usable.empty()) {
        return verdict;
    }
    if (const auto *record = chain.empty() ? nullptr : namingThePeer(usable, chain.front())) {
        verdict.outcome = DaneOutcome::Match;
        verdict.matched = *record;
        return verdict;
    }
    Carrier carrier;
    for (const auto &record : usable) {
        carrier.add(record);
    }
    verdict.outcome = DaneOutcome::Mismatch;
    const CertificateStackPtr sent(sk_X509_new_null());
    X509Ptr leaf;
    for (const auto &der : chain) {
        auto certificate = certificateFrom(der);
        if (!leaf) {
            leaf = std::move(certificate);
            if (!leaf) {
                break;
            }
        } else if (certificate && sk_X509_push(sent.get(), certificate.get()) > 0) {
            (void)certificate.release(); // the stack owns it now
        }
    }
    verdict.detail = leaf ? complaintOf(carrier, leaf.get(), sent.get(), names, now)
                          : "the peer's certificate can't be read";
    if (leaf && verdict.detail.empty()) {
        verdict.outcome = DaneOutcome::Match;
        verdict.matched = carrier.matched();
    }
    ERR_clear_error();
    return verdict;
}

} // namespace sealpost::crypto
