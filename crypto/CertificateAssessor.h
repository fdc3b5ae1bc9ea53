// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStore.h"
#include "crypto/ChainVerifier.h"
#include "crypto/GnupgHome.h"
#include "crypto/Keybox.h"
#include "crypto/RevocationSource.h"

#include <optional>
#include <stop_token>
#include <string_view>

namespace sealpost::crypto {

enum class RevocationCheck { Skipped, Done };

//! What a certificate is asked for.
struct Assessment {
    std::optional<CertificatePurpose> purpose; //!< none: any use in mail will do
    std::optional<std::string_view> address;   //!< none: any address will do
    RevocationCheck revocation = RevocationCheck::Done;
};

//! Gives certificates their state and its reason, the worst first: expired, revoked, untrusted,
//! wrong usage, wrong address, weak, revocation unknown. One call's work: it holds on to one
//! content of the keybox and one list of trusted roots. Private to this room.
class CertificateAssessor {
public:
    CertificateAssessor(const CertificateStoreConfig &config, const GnupgHome &home,
                        RevocationSource &revocation, std::shared_ptr<const KeyboxContent> content);

    [[nodiscard]] CertificateInfo assess(const StoredCertificate &certificate,
                                         const Assessment &what, Deadline deadline,
                                         const std::stop_token &stop);
    [[nodiscard]] bool isTrustedRoot(const StoredCertificate &certificate) const;
    //! From the certificate upwards, as far as the issuers are known.
    [[nodiscard]] std::vector<X509Ptr> chainOf(const StoredCertificate &certificate) const;
    //! The chain and the worst that is wrong with it, revocation apart.
    [[nodiscard]] ChainVerdict verify(const StoredCertificate &certificate) const;

private:
    struct Verdict {
        CertificateState state;
        std::string detail;
    };
    [[nodiscard]] ChainMaterial material() const;
    [[nodiscard]] Verdict judge(const StoredCertificate &certificate, const Assessment &what,
                                Deadline deadline, const std::stop_token &stop);
    [[nodiscard]] Verdict judgeRevocation(const std::vector<X509Ptr> &chain, Deadline deadline,
                                          const std::stop_token &stop);
    //! Beside CertificateInfo::detail's words: "issuer-expires: 2026-…, <issuer>".
    [[nodiscard]] Verdict judgeEnd(const StoredCertificate &certificate,
                                   const std::vector<X509Ptr> &chain) const;
    [[nodiscard]] std::optional<Verdict> judgeUse(const StoredCertificate &certificate,
                                                  const std::vector<X509Ptr> &chain,
                                                  const Assessment &what) const;

    const CertificateStoreConfig &m_config;
    const GnupgHome &m_home;
    RevocationSource &m_revocation;
    std::shared_ptr<const KeyboxContent> m_content;
    std::vector<X509 *> m_roots; //!< trusted ones, of m_content
};

} // namespace sealpost::crypto
