// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/X509Facts.h"

#include "base/Text.h"
#include "crypto/OpenSslPtr.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace sealpost::crypto::x509 {
namespace {

bool isHostName(std::string_view text) {
    constexpr std::string_view kOthers = "-._*";
    return std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               kOthers.find(c) != std::string_view::npos;
    });
}

} // namespace

std::string nameOf(const X509_name_st *name) {
    const OpenSslPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
    if (!out || name == nullptr || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) {
        return {};
    }
    char *text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

Time timeOf(const asn1_string_st *time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return {};
    }
    using namespace std::chrono;
    const auto day =
        year_month_day(year(parts.tm_year + 1900), month(static_cast<unsigned>(parts.tm_mon + 1)),
                       std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
    return sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

std::string sha256Of(const x509_st *certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) {
        return {};
    }
    return base::toHex({reinterpret_cast<const char *>(digest.data()), size});
}

std::vector<std::string> dnsNamesOf(const x509_st *certificate) {
    std::vector<std::string> names;
    const OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free> entries(static_cast<GENERAL_NAMES *>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(entries.get()); ++i) {
        const auto *entry = sk_GENERAL_NAME_value(entries.get(), i);
        if (entry->type != GEN_DNS) {
            continue;
        }
        const auto *text = entry->d.dNSName;
        auto name =
            base::asciiLower({reinterpret_cast<const char *>(ASN1_STRING_get0_data(text)),
                              static_cast<std::size_t>(std::max(ASN1_STRING_length(text), 0))});
        if (isHostName(name)) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

std::string signatureOf(const x509_st *certificate) {
    const char *name = OBJ_nid2ln(X509_get_signature_nid(certificate));
    return name != nullptr ? name : "";
}

KeyFacts keyOf(const x509_st *certificate) {
    const auto *key = X509_get0_pubkey(certificate);
    if (key == nullptr) {
        return {};
    }
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return {KeyKind::Rsa, "RSA", bits};
    case EVP_PKEY_EC:
        return {KeyKind::Ec, "EC", bits};
    case EVP_PKEY_ED25519:
        return {KeyKind::Edwards, "Ed25519", bits};
    case EVP_PKEY_ED448:
        return {KeyKind::Edwards, "Ed448", bits};
    default: {
        const char *name = EVP_PKEY_get0_type_name(key);
        return {KeyKind::Other, name != nullptr ? name : "", bits};
    }
    }
}

} // namespace sealpost::crypto::x509
