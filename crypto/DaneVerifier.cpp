// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/DaneVerifier.h"

#include "base/Text.h"
#include "crypto/OpenSslTypes.h"
#include "crypto/TlsPeerVerifier.h"

#include <algorithm>
#include <openssl/err.h>
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
    [[nodiscard]] bool add(const TlsaRecord &record) {
        const bool added =
            m_connection &&
            SSL_dane_tlsa_add(m_connection.get(), record.usage, record.selector,
                              record.matchingType, bytesOf(record.data), record.data.size()) == 1;
        ERR_clear_error();
        return added;
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
    Carrier carrier;
    for (const auto &record : records) {
        if (faultOf(record) == TlsaFault::None && carrier.add(record)) {
            ++verdict.usable;
        }
    }
    if (verdict.usable == 0) {
        return verdict;
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
