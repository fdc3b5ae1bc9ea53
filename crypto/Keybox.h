// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "crypto/CertificateInfo.h"
#include "crypto/GnupgHome.h"
#include "crypto/OpenSslTypes.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
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

//! All certificates of a home at one moment, immutable.
struct KeyboxContent {
    std::vector<StoredCertificate> certificates;
    std::vector<X509 *> authorities; //!< of `certificates`
};

//! The authorities of a home, and certificates that somebody else brings along: material for a
//! chain, of which nothing is trusted for being there.
[[nodiscard]] std::shared_ptr<KeyboxContent> joined(const KeyboxContent &ours,
                                                    std::span<X509 *const> brought);

//! gpgsm's certificates, read as a whole (20 ms for 300) and again only when the file has changed.
//! Any thread. Private to this room. Errors: CertificateStore's "gnupg.…".
class Keybox {
public:
    explicit Keybox(const GnupgHome &home) : m_home(home) {}

    [[nodiscard]] Result<std::shared_ptr<const KeyboxContent>> content(Deadline deadline);
    //! How many were new. FixInput "certificate.refused" where gpgsm will not have one of them.
    [[nodiscard]] Result<int> import(std::span<const X509Ptr> certificates, Deadline deadline);

private:
    struct Stamp {
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        bool operator==(const Stamp &) const = default;
    };
    [[nodiscard]] Stamp stamp() const;
    [[nodiscard]] Result<std::shared_ptr<const KeyboxContent>> load(Deadline deadline) const;

    const GnupgHome &m_home;
    std::mutex m_mutex;
    Stamp m_stamp;
    std::shared_ptr<const KeyboxContent> m_content;
};

} // namespace sealpost::crypto
