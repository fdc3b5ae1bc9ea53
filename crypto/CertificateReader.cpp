// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateReader.h"

#include "base/Text.h"
#include "crypto/KeySexp.h"
#include "crypto/X509Facts.h"

#include <QString>
#include <QUrl>
#include <algorithm>
#include <array>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

namespace sealpost::crypto {
namespace {

using UsagePtr = OpenSslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

std::string textOf(const ASN1_STRING *value) {
    unsigned char *utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, value);
    std::string text =
        size > 0 ? std::string(reinterpret_cast<char *>(utf8), static_cast<std::size_t>(size)) : "";
    OPENSSL_free(utf8);
    return text;
}

//! The addr-spec with its domain as lower-case A-label; empty where the text is no address: above
//! all one with a NUL in it, which other readers take for its end.
std::string asAddress(const std::string &text) {
    const auto at = text.rfind('@');
    if (at == std::string::npos || at == 0 || at + 1 == text.size() ||
        base::hasControlCharacters(text)) {
        return {};
    }
    //= RFC 9598 §4 (domains compare as A-labels)
    const auto domain = QUrl::toAce(QString::fromStdString(text.substr(at + 1))).toStdString();
    return text.substr(0, at + 1) + base::asciiLower(domain.empty() ? text.substr(at + 1) : domain);
}

//! RFC 9598 §3 (before it RFC 8398): an address whose local part is more than ASCII; null for
//! others.
const ASN1_STRING *smtpUtf8Mailbox(const GENERAL_NAME *name) {
    if (name->type != GEN_OTHERNAME ||
        OBJ_obj2nid(name->d.otherName->type_id) != NID_id_on_SmtpUTF8Mailbox ||
        name->d.otherName->value->type != V_ASN1_UTF8STRING) {
        return nullptr;
    }
    return name->d.otherName->value->value.utf8string;
}

std::vector<std::string> addressesOf(const X509 *certificate) {
    std::vector<std::string> addresses;
    const auto add = [&addresses](const ASN1_STRING *value) {
        auto address = asAddress(textOf(value));
        if (!address.empty() && std::ranges::find(addresses, address) == addresses.end()) {
            addresses.push_back(std::move(address));
        }
    };
    const OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free> names(static_cast<GENERAL_NAMES *>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto *name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_EMAIL) {
            add(name->d.rfc822Name);
        } else if (const auto *mailbox = smtpUtf8Mailbox(name)) {
            add(mailbox);
        }
    }
    const auto *subject = X509_get_subject_name(certificate);
    for (int at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, -1); at >= 0;
         at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, at)) {
        add(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    }
    return addresses;
}

std::string sha1Of(const X509 *certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha1(), digest.data(), &size);
    return base::asciiUpper(base::toHex({reinterpret_cast<const char *>(digest.data()), size}));
}

std::string serialOf(const X509 *certificate) {
    const auto *serial = X509_get0_serialNumber(certificate);
    return base::toHex({reinterpret_cast<const char *>(ASN1_STRING_get0_data(serial)),
                        static_cast<std::size_t>(ASN1_STRING_length(serial))});
}

//! "P-256" for NIST's, else OpenSSL's name; empty where there is no curve.
std::string curveOf(const X509 *certificate) {
    std::array<char, 80> name{};
    std::size_t size = 0;
    const auto *key = X509_get0_pubkey(certificate);
    if (key == nullptr || EVP_PKEY_is_a(key, "EC") != 1 ||
        EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                       &size) != 1) {
        ERR_clear_error();
        return {};
    }
    const char *nist = EC_curve_nid2nist(OBJ_txt2nid(name.data()));
    return nist != nullptr ? nist : std::string(name.data(), size);
}

struct Usages {
    unsigned key = 0;
    bool forMail = false;
    std::string names; //!< of the extended ones
};

Usages usagesOf(const X509 *certificate) {
    Usages usages;
    // UINT32_MAX where the extension is absent: all uses.
    usages.key = X509_get_key_usage(const_cast<X509 *>(certificate));
    const UsagePtr extended(static_cast<EXTENDED_KEY_USAGE *>(
        X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
    usages.forMail = !extended;
    for (int i = 0; i < sk_ASN1_OBJECT_num(extended.get()); ++i) {
        const auto *object = sk_ASN1_OBJECT_value(extended.get(), i);
        const int nid = OBJ_obj2nid(object);
        usages.forMail |= nid == NID_email_protect || nid == NID_anyExtendedKeyUsage;
        std::array<char, 80> name{};
        if (nid != NID_undef) {
            usages.names += std::string(usages.names.empty() ? "" : ", ") + OBJ_nid2sn(nid);
        } else if (OBJ_obj2txt(name.data(), name.size(), object, 1) > 0) {
            usages.names += std::string(usages.names.empty() ? "" : ", ") + name.data();
        }
    }
    return usages;
}

//! Empty where it is no http or https URL.
std::string webUrl(const GENERAL_NAME *name) {
    auto url = name->type == GEN_URI ? textOf(name->d.uniformResourceIdentifier) : std::string();
    const auto scheme = base::asciiLower(url.substr(0, url.find(':')));
    return (scheme == "http" || scheme == "https") && !base::hasControlCharacters(url)
               ? url
               : std::string();
}

//! The places of one kind in authorityInfoAccess (RFC 5280 §4.2.2.1).
std::vector<std::string> accessUrls(const X509 *certificate, int method) {
    std::vector<std::string> urls;
    const OpenSslPtr<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free> places(
        static_cast<AUTHORITY_INFO_ACCESS *>(
            X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(places.get()); ++i) {
        const auto *place = sk_ACCESS_DESCRIPTION_value(places.get(), i);
        if (OBJ_obj2nid(place->method) == method) {
            if (auto url = webUrl(place->location); !url.empty()) {
                urls.push_back(std::move(url));
            }
        }
    }
    ERR_clear_error();
    return urls;
}

std::vector<X509Ptr> fromPem(std::string_view bytes) {
    std::vector<X509Ptr> certificates;
    const auto bio = readerOf(bytes);
    for (;;) {
        char *name = nullptr;
        char *header = nullptr;
        unsigned char *data = nullptr;
        long size = 0;
        if (!bio || PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
            break;
        }
        const unsigned char *at = data;
        const std::string_view kind = name;
        if (kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD) {
            if (X509Ptr certificate(d2i_X509(nullptr, &at, size)); certificate) {
                certificates.push_back(std::move(certificate));
            }
        } else if (kind == PEM_STRING_PKCS7 || kind == PEM_STRING_CMS) {
            auto inner =
                parseCertificates({reinterpret_cast<char *>(data), static_cast<std::size_t>(size)});
            if (inner) {
                std::ranges::move(*inner, std::back_inserter(certificates));
            }
        }
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size)); // may be a private key
    }
    return certificates;
}

std::vector<X509Ptr> fromDer(std::string_view bytes) {
    std::vector<X509Ptr> certificates;
    const auto *at = reinterpret_cast<const unsigned char *>(bytes.data());
    if (X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(bytes.size()))); certificate) {
        certificates.push_back(std::move(certificate));
        return certificates;
    }
    const auto bio = readerOf(bytes);
    const CmsPtr message(bio ? d2i_CMS_bio(bio.get(), nullptr) : nullptr);
    const CertificateStackPtr inside(message ? CMS_get1_certs(message.get()) : nullptr);
    for (int i = 0; i < sk_X509_num(inside.get()); ++i) {
        certificates.push_back(sharedCopy(sk_X509_value(inside.get(), i)));
    }
    return certificates;
}

} // namespace

CertificateInfo readCertificate(const X509 *certificate) {
    CertificateInfo info;
    info.fingerprint = x509::sha256Of(certificate);
    info.sha1 = sha1Of(certificate);
    info.subject = x509::nameOf(X509_get_subject_name(certificate));
    info.issuer = x509::nameOf(X509_get_issuer_name(certificate));
    info.serial = serialOf(certificate);
    info.addresses = addressesOf(certificate);
    info.notBefore = x509::timeOf(X509_get0_notBefore(certificate));
    info.notAfter = x509::timeOf(X509_get0_notAfter(certificate));
    const auto key = x509::keyOf(certificate);
    info.keyType = key.type;
    info.keyBits = key.bits;
    info.curve = curveOf(certificate);
    info.signature = x509::signatureOf(certificate);
    info.signing = !isAuthority(certificate) && !wrongUsage(certificate, CertificatePurpose::Sign);
    info.encryption =
        !isAuthority(certificate) && !wrongUsage(certificate, CertificatePurpose::Encrypt);
    ERR_clear_error();
    return info;
}

Result<std::vector<X509Ptr>> parseCertificates(std::string_view bytes) {
    auto certificates =
        bytes.find("-----BEGIN ") != std::string_view::npos ? fromPem(bytes) : fromDer(bytes);
    ERR_clear_error();
    if (certificates.empty()) {
        return fail("certificate.unreadable", "import", Reaction::FixInput);
    }
    return certificates;
}

bool isTooLarge(const X509Ptr &certificate) {
    constexpr int kMost = 256 * 1024; // the largest real ones have some 30 KiB
    return i2d_X509(certificate.get(), nullptr) > kMost;
}

std::string toPem(const X509 *certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    return bio && PEM_write_bio_X509(bio.get(), certificate) == 1 ? collected(bio.get()) : "";
}

std::string toDer(const X509 *certificate) {
    unsigned char *bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    const OpenSslPtr<unsigned char, [](unsigned char *p) { OPENSSL_free(p); }> owner(bytes);
    return size > 0
               ? std::string(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size))
               : std::string();
}

bool isAuthority(const X509 *certificate) {
    // 1 is a CA by basic constraints; the larger values are guesses about version 1 certificates.
    return X509_check_ca(const_cast<X509 *>(certificate)) == 1;
}

bool isSelfSigned(X509 *certificate) {
    constexpr int kVerifySignature = 1;
    const bool self = X509_self_signed(certificate, kVerifySignature) == 1;
    ERR_clear_error();
    return self;
}

std::optional<std::string> wrongUsage(const X509 *certificate, CertificatePurpose purpose) {
    const auto usages = usagesOf(certificate);
    //= RFC 8550 §4.4.4
    // If the extended key usage extension is present, it MUST contain emailProtection or
    // anyExtendedKeyUsage.
    if (!usages.forMail) {
        return "no-email-protection: " + usages.names;
    }
    switch (purpose) {
    case CertificatePurpose::Sign:
        //= RFC 8550 §4.4.2
        // Receiving agents MUST NOT accept a signature where neither bit is set.
        if ((usages.key & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
            return "no-digital-signature";
        }
        return std::nullopt;
    case CertificatePurpose::Encrypt:
        switch (x509::keyOf(certificate).kind) {
        case x509::KeyKind::Rsa:
            if (EVP_PKEY_is_a(X509_get0_pubkey(certificate), "RSA") != 1) {
                return "not-for-encryption: RSA-PSS";
            }
            return (usages.key & KU_KEY_ENCIPHERMENT) == 0
                       ? std::optional<std::string>("no-key-encipherment")
                       : std::nullopt;
        case x509::KeyKind::Ec:
            return (usages.key & KU_KEY_AGREEMENT) == 0
                       ? std::optional<std::string>("no-key-agreement")
                       : std::nullopt;
        case x509::KeyKind::Edwards:
        case x509::KeyKind::Other:
            return "not-for-encryption: " + x509::keyOf(certificate).type;
        }
    }
    return std::nullopt;
}

bool isForAddress(const CertificateInfo &certificate, std::string_view addressSpec) {
    return std::ranges::any_of(certificate.addresses, [&](const std::string &address) {
        return base::equalsIgnoringCase(address, addressSpec);
    });
}

std::optional<std::string> weakness(X509 *certificate, const KeyMinimum &minimum) {
    const auto key = x509::keyOf(certificate);
    const auto below = [&key](const char *kind, int least) -> std::optional<std::string> {
        if (key.bits >= least) {
            return std::nullopt;
        }
        return kind + std::string("-bits: ") + std::to_string(key.bits) + " of " +
               std::to_string(least);
    };
    auto weak = key.kind == x509::KeyKind::Rsa  ? below("rsa", minimum.rsaBits)
                : key.kind == x509::KeyKind::Ec ? below("ec", minimum.ecBits)
                                                : std::nullopt;
    if (weak || isSelfSigned(certificate)) {
        return weak;
    }
    constexpr std::array kBroken = {NID_md2, NID_md4, NID_md5, NID_sha1, NID_mdc2};
    int hash = NID_undef;
    X509_get_signature_info(certificate, &hash, nullptr, nullptr, nullptr);
    if (std::ranges::find(kBroken, hash) != kBroken.end()) {
        return "signature: " + x509::signatureOf(certificate);
    }
    return std::nullopt;
}

std::vector<std::string> crlUrls(const X509 *certificate) {
    std::vector<std::string> urls;
    const OpenSslPtr<CRL_DIST_POINTS, CRL_DIST_POINTS_free> points(static_cast<CRL_DIST_POINTS *>(
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
    for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
        const auto *point = sk_DIST_POINT_value(points.get(), i)->distpoint;
        constexpr int kFullName = 0;
        if (point == nullptr || point->type != kFullName) {
            continue;
        }
        for (int j = 0; j < sk_GENERAL_NAME_num(point->name.fullname); ++j) {
            auto url = webUrl(sk_GENERAL_NAME_value(point->name.fullname, j));
            if (!url.empty()) {
                urls.push_back(std::move(url));
            }
        }
    }
    ERR_clear_error();
    return urls;
}

std::vector<std::string> issuerUrls(const X509 *certificate) {
    return accessUrls(certificate, NID_ad_ca_issuers);
}

std::vector<std::string> responderUrls(const X509 *certificate) {
    return accessUrls(certificate, NID_ad_OCSP);
}

UsageWords usageWords(const X509 *certificate) {
    constexpr std::array<std::pair<unsigned, const char *>, 9> kNames = {
        {{KU_DIGITAL_SIGNATURE, "digitalSignature"},
         {KU_NON_REPUDIATION, "nonRepudiation"},
         {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
         {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
         {KU_KEY_AGREEMENT, "keyAgreement"},
         {KU_KEY_CERT_SIGN, "keyCertSign"},
         {KU_CRL_SIGN, "cRLSign"},
         {KU_ENCIPHER_ONLY, "encipherOnly"},
         {KU_DECIPHER_ONLY, "decipherOnly"}}};
    const auto usages = usagesOf(certificate);
    UsageWords words{{}, usages.names};
    if (usages.key != UINT32_MAX) {
        for (const auto &[bit, name] : kNames) {
            if ((usages.key & bit) != 0) {
                words.key += (words.key.empty() ? "" : ", ") + std::string(name);
            }
        }
    }
    ERR_clear_error();
    return words;
}

} // namespace sealpost::crypto
