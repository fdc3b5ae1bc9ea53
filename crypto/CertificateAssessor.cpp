// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateAssessor.h"

#include "crypto/CertificateReader.h"
#include "crypto/X509Facts.h"

#include <algorithm>

namespace sealpost::crypto {

CertificateAssessor::CertificateAssessor(const CertificateStoreConfig &config,
                                         const GnupgHome &home, RevocationSource &revocation,
                                         std::shared_ptr<const KeyboxContent> content)
    : m_config(config), m_home(home), m_revocation(revocation), m_content(std::move(content)) {
    const auto trusted = home.trustedRoots();
    for (const auto *certificate : m_content->authorities()) {
        if (trusted.contains(certificate->info.sha1)) {
            m_roots.push_back(certificate->x509.get());
        }
    }
}

ChainMaterial CertificateAssessor::material() const {
    return {m_content->issuers(), m_roots, m_config.clock->now()};
}

bool CertificateAssessor::isTrustedRoot(const StoredCertificate &certificate) const {
    return std::ranges::find(m_roots, certificate.x509.get()) != m_roots.end();
}

std::vector<X509Ptr> CertificateAssessor::chainOf(const StoredCertificate &certificate) const {
    return verify(certificate).chain;
}

ChainVerdict CertificateAssessor::verify(const StoredCertificate &certificate) const {
    return verifyChain(certificate.x509.get(), material());
}

CertificateInfo CertificateAssessor::assess(const StoredCertificate &certificate,
                                            const Assessment &what, Deadline deadline,
                                            const std::stop_token &stop) {
    auto info = certificate.info;
    info.privateKey = m_home.privateKey(certificate.keygrip);
    auto verdict = judge(certificate, what, deadline, stop);
    info.state = verdict.state;
    info.detail = std::move(verdict.detail);
    return info;
}

CertificateAssessor::Verdict CertificateAssessor::judge(const StoredCertificate &certificate,
                                                        const Assessment &what, Deadline deadline,
                                                        const std::stop_token &stop) {
    const auto built = verify(certificate);
    // A list from somebody who is not trusted proves nothing, and asking for it tells where we are.
    if (built.state != CertificateState::Usable) {
        return {built.state, built.detail};
    }
    Verdict revocation{CertificateState::Usable, {}};
    if (what.revocation == RevocationCheck::Done) {
        revocation = judgeRevocation(built.chain, deadline, stop);
    }
    if (revocation.state == CertificateState::Revoked) {
        return revocation;
    }
    if (auto use = judgeUse(certificate, built.chain, what)) {
        return *use;
    }
    if (revocation.state != CertificateState::Usable) {
        return revocation;
    }
    return judgeEnd(certificate, built.chain);
}

//! A certificate is good for no longer than every authority above it.
CertificateAssessor::Verdict
CertificateAssessor::judgeEnd(const StoredCertificate &certificate,
                              const std::vector<X509Ptr> &chain) const {
    const auto warned = m_config.clock->now() + m_config.expiryWarning;
    const X509 *first = nullptr;
    auto end = certificate.info.notAfter;
    for (const auto &link : chain) {
        const auto itsEnd = x509::timeOf(X509_get0_notAfter(link.get()));
        if (itsEnd < end) {
            end = itsEnd;
            first = link.get();
        }
    }
    if (end >= warned) {
        return {CertificateState::Usable, {}};
    }
    return {CertificateState::Expiring, first == nullptr
                                            ? "expires: " + base::toIso8601(end)
                                            : "issuer-expires: " + base::toIso8601(end) + ", " +
                                                  readCertificate(first).subject};
}

//! All but the root, which nobody can revoke but who trusts it. A revoked one ends it; else the
//! first of which nothing could be found out is what is said.
CertificateAssessor::Verdict CertificateAssessor::judgeRevocation(const std::vector<X509Ptr> &chain,
                                                                  Deadline deadline,
                                                                  const std::stop_token &stop) {
    Verdict verdict{CertificateState::Usable, {}};
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        const auto fact = m_revocation.ask(chain[i].get(), chain[i + 1].get(), deadline, stop);
        if (fact.status == RevocationStatus::Revoked) {
            return {CertificateState::Revoked,
                    i == 0 ? fact.problem
                           : "issuer-revoked: " + readCertificate(chain[i].get()).subject};
        }
        if (fact.status == RevocationStatus::Unknown && verdict.state == CertificateState::Usable) {
            verdict = {CertificateState::RevocationUnknown,
                       (i == 0 ? "" : "issuer ") + fact.problem};
        }
    }
    return verdict;
}

std::optional<CertificateAssessor::Verdict>
CertificateAssessor::judgeUse(const StoredCertificate &certificate,
                              const std::vector<X509Ptr> &chain, const Assessment &what) const {
    auto *x509 = certificate.x509.get();
    if (!certificate.authority) {
        auto wrong = wrongUsage(x509, what.purpose.value_or(CertificatePurpose::Encrypt));
        if (wrong && !what.purpose && certificate.info.signing) {
            wrong.reset();
        }
        if (wrong) {
            return Verdict{CertificateState::WrongUsage, *wrong};
        }
        if (certificate.info.addresses.empty()) {
            return Verdict{CertificateState::WrongAddress, "no-address"};
        }
    } else if (what.purpose) {
        return Verdict{CertificateState::WrongUsage, "authority"};
    }
    if (what.address && !isForAddress(certificate.info, *what.address)) {
        return Verdict{CertificateState::WrongAddress, "other-address"};
    }
    const KeyMinimum minimum{m_config.minimumRsaBits, m_config.minimumEcBits};
    for (const auto &link : chain) {
        if (const auto weak = weakness(link.get(), minimum)) {
            return Verdict{CertificateState::WeakKey,
                           (link.get() == x509 ? "" : "issuer ") + *weak};
        }
    }
    return std::nullopt;
}

} // namespace sealpost::crypto
