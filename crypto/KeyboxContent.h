// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateInfo.h"
#include "crypto/KeyboxFile.h"
#include "crypto/OpenSslTypes.h"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

struct StoredCertificate {
    X509Ptr x509;
    CertificateInfo info; //!< without state and private key
    std::string keygrip;
    bool authority = false;
};

//! What is known of a certificate by itself.
[[nodiscard]] StoredCertificate describe(X509Ptr certificate);

//! All certificates of a home at one moment, immutable. Of a keybox' certificates each is read when
//! it is first asked for: of thousands one message needs a few. Any thread.
class KeyboxContent {
public:
    KeyboxContent() = default;
    explicit KeyboxContent(std::vector<X509Ptr> certificates);
    //! `ders`: where each certificate is in `bytes`, in order.
    KeyboxContent(std::string bytes, std::span<const KeyboxSlice> ders);

    [[nodiscard]] std::vector<const StoredCertificate *> all() const;
    //! What may have issued others.
    [[nodiscard]] std::span<const StoredCertificate *const> authorities() const {
        return m_authorities;
    }
    [[nodiscard]] std::span<X509 *const> issuers() const { return m_issuers; } //!< the same
    //! Authorities apart.
    [[nodiscard]] std::vector<const StoredCertificate *>
    forAddress(std::string_view addressSpec) const;
    //! By the whole SHA-256, lower-case hexadecimal; null where there is none.
    [[nodiscard]] const StoredCertificate *exactly(std::string_view fingerprint) const;
    //! By the first digits of SHA-256 or SHA-1, lower-case.
    [[nodiscard]] std::vector<const StoredCertificate *>
    startingWith(std::string_view digits) const;
    [[nodiscard]] const StoredCertificate *same(const X509 *certificate) const;

private:
    struct Entry {
        KeyboxSlice der;
        mutable std::once_flag once;
        mutable std::optional<StoredCertificate> stored; //!< not where OpenSSL can't read it
    };
    struct Digests {
        std::string sha256;
        std::string sha1;
    };
    [[nodiscard]] std::string_view derOf(const Entry &entry) const;
    [[nodiscard]] const StoredCertificate *read(const Entry &entry) const;
    [[nodiscard]] const std::vector<Digests> &digests() const;
    [[nodiscard]] std::vector<const Entry *> mayNameAddress(std::string_view spec) const;
    void index();

    std::string m_bytes;
    std::deque<Entry> m_entries; //!< in the order of their slices
    struct At {
        std::size_t at = 0;
        const Entry *entry = nullptr;
    };
    std::vector<At> m_ats; //!< where an "@" is in a certificate
    std::vector<const StoredCertificate *> m_authorities;
    std::vector<X509 *> m_issuers;
    mutable std::once_flag m_digestsOnce;
    mutable std::vector<Digests> m_digests; //!< of m_entries
};

//! The authorities of a home, and certificates that somebody else brings along: material for a
//! chain, of which nothing is trusted for being there.
[[nodiscard]] std::shared_ptr<KeyboxContent> joined(const KeyboxContent &ours,
                                                    std::span<X509 *const> brought);

} // namespace sealpost::crypto
