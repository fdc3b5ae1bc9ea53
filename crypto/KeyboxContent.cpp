// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/KeyboxContent.h"

#include "base/Text.h"
#include "crypto/CertificateReader.h"
#include "crypto/KeySexp.h"
#include "crypto/SealedBox.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace sealpost::crypto {
namespace {

std::string sha1(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr);
    return {reinterpret_cast<const char *>(digest.data()), size};
}

X509Ptr parse(std::string_view der) {
    const auto *at = reinterpret_cast<const unsigned char *>(der.data());
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return certificate;
}

//! False only where it is certain without reading the certificate: it has no basicConstraints, or
//! empty ones, as most people's have (RFC 5280 §4.2.1.9: cA is FALSE by default).
bool mayBeAuthority(std::string_view der) {
    constexpr std::string_view kBasicConstraints = "\x55\x1d\x13";
    constexpr std::string_view kCritical = "\x01\x01\xff";
    constexpr std::string_view kEmpty{"\x04\x02\x30\x00", 4};
    for (auto at = der.find(kBasicConstraints); at != std::string_view::npos;
         at = der.find(kBasicConstraints, at + 1)) {
        auto value = der.substr(at + kBasicConstraints.size());
        if (value.starts_with(kCritical)) {
            value.remove_prefix(kCritical.size());
        }
        if (!value.starts_with(kEmpty)) {
            return true;
        }
    }
    return false;
}

//! Whether the characters of `text` stand before `at`, each `width` bytes wide: an e-mail address
//! in a subject may be in UTF-16 or UTF-32.
bool standsBefore(std::string_view bytes, std::size_t at, std::string_view text,
                  std::size_t width) {
    if (text.size() * width > at) {
        return false;
    }
    for (std::size_t i = 1; i <= text.size(); ++i) {
        const std::array<char, 2> pair{bytes[at - i * width], text[text.size() - i]};
        if (!base::equalsIgnoringCase({pair.data(), 1}, {pair.data() + 1, 1})) {
            return false;
        }
    }
    return true;
}

bool isAscii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

} // namespace

StoredCertificate describe(X509Ptr certificate) {
    auto info = readCertificate(certificate.get());
    auto keygrip = sexp::keygrip(X509_get0_pubkey(certificate.get()));
    const bool authority = isAuthority(certificate.get());
    return {std::move(certificate), std::move(info), std::move(keygrip), authority};
}

std::shared_ptr<KeyboxContent> joined(const KeyboxContent &ours, std::span<X509 *const> brought) {
    std::vector<X509Ptr> certificates;
    const auto add = [&](X509 *certificate) { certificates.push_back(sharedCopy(certificate)); };
    std::ranges::for_each(ours.issuers(), add);
    std::ranges::for_each(brought, add);
    return std::make_shared<KeyboxContent>(std::move(certificates));
}

KeyboxContent::KeyboxContent(std::vector<X509Ptr> certificates) {
    for (auto &certificate : certificates) {
        const auto der = toDer(certificate.get());
        auto &entry = m_entries.emplace_back();
        entry.der = {m_bytes.size(), der.size()};
        m_bytes += der;
        std::call_once(entry.once, [&] { entry.stored = describe(std::move(certificate)); });
    }
    index();
}

KeyboxContent::KeyboxContent(std::string bytes, std::span<const KeyboxSlice> ders)
    : m_bytes(std::move(bytes)) {
    for (const auto &der : ders) {
        m_entries.emplace_back().der = der;
    }
    index();
}

void KeyboxContent::index() {
    for (const auto &entry : m_entries) {
        const auto *stored = mayBeAuthority(derOf(entry)) ? read(entry) : nullptr;
        if (stored != nullptr && stored->authority) {
            m_authorities.push_back(stored);
            m_issuers.push_back(stored->x509.get());
        }
        const auto end = entry.der.offset + entry.der.size;
        for (auto at = m_bytes.find('@', entry.der.offset); at < end;
             at = m_bytes.find('@', at + 1)) {
            m_ats.push_back({at, &entry});
        }
    }
}

std::string_view KeyboxContent::derOf(const Entry &entry) const {
    return std::string_view(m_bytes).substr(entry.der.offset, entry.der.size);
}

const StoredCertificate *KeyboxContent::read(const Entry &entry) const {
    std::call_once(entry.once, [&] {
        if (auto certificate = parse(derOf(entry))) {
            entry.stored = describe(std::move(certificate));
        }
    });
    return entry.stored ? &*entry.stored : nullptr;
}

std::vector<const StoredCertificate *> KeyboxContent::all() const {
    std::vector<const StoredCertificate *> found;
    for (const auto &entry : m_entries) {
        if (const auto *stored = read(entry)) {
            found.push_back(stored);
        }
    }
    return found;
}

//! What does not name the address for certain is left out, without being read.
std::vector<const KeyboxContent::Entry *>
KeyboxContent::mayNameAddress(std::string_view addressSpec) const {
    std::vector<const Entry *> found;
    const auto local = addressSpec.substr(0, addressSpec.rfind('@'));
    if (!isAscii(local)) {
        for (const auto &entry : m_entries) {
            found.push_back(&entry);
        }
        return found;
    }
    for (const auto &[at, entry] : m_ats) {
        const bool named = standsBefore(m_bytes, at, local, 1) ||
                           standsBefore(m_bytes, at, local, 2) ||
                           standsBefore(m_bytes, at, local, 4);
        if (named && (found.empty() || found.back() != entry)) {
            found.push_back(entry);
        }
    }
    return found;
}

std::vector<const StoredCertificate *>
KeyboxContent::forAddress(std::string_view addressSpec) const {
    std::vector<const StoredCertificate *> found;
    for (const auto *entry : mayNameAddress(addressSpec)) {
        const auto *stored = read(*entry);
        if (stored != nullptr && !stored->authority && isForAddress(stored->info, addressSpec)) {
            found.push_back(stored);
        }
    }
    return found;
}

const std::vector<KeyboxContent::Digests> &KeyboxContent::digests() const {
    std::call_once(m_digestsOnce, [this] {
        for (const auto &entry : m_entries) {
            const auto der = derOf(entry);
            m_digests.push_back({base::toHex(sha256(der)), base::toHex(sha1(der))});
        }
    });
    return m_digests;
}

const StoredCertificate *KeyboxContent::exactly(std::string_view fingerprint) const {
    const auto &all = digests();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].sha256 == fingerprint) {
            return read(m_entries[i]);
        }
    }
    return nullptr;
}

std::vector<const StoredCertificate *> KeyboxContent::startingWith(std::string_view digits) const {
    std::vector<const StoredCertificate *> found;
    const auto &all = digests();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].sha256.starts_with(digits) || all[i].sha1.starts_with(digits)) {
            if (const auto *stored = read(m_entries[i])) {
                found.push_back(stored);
            }
        }
    }
    return found;
}

const StoredCertificate *KeyboxContent::same(const X509 *certificate) const {
    const auto der = toDer(certificate);
    for (const auto &entry : m_entries) {
        if (derOf(entry) == der) {
            return read(entry);
        }
    }
    return nullptr;
}

} // namespace sealpost::crypto
