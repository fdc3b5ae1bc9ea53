// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/ChainExaminer.h"

#include "base/Text.h"
#include "crypto/CertificateReader.h"

#include <algorithm>

namespace sealpost::crypto {

ChainExaminer::ChainExaminer(CertificateStore::Private &store,
                             std::shared_ptr<const KeyboxContent> content, Deadline deadline,
                             std::stop_token stop)
    : m_store(store), m_content(std::move(content)), m_deadline(deadline), m_stop(std::move(stop)) {
}

void ChainExaminer::fault(std::string id, const CertificateInfo &info, std::string detail,
                          Mend mend, std::string target) {
    m_report.faults.push_back(
        {std::move(id), info.subject, std::move(detail), mend, std::move(target)});
}

RevocationFact ChainExaminer::revocationOf(X509 *certificate, X509 *issuer) {
    RevocationFact fact;
    if (issuer == nullptr) {
        fact.status =
            isSelfSigned(certificate) ? RevocationStatus::NotNeeded : RevocationStatus::Unknown;
        return fact;
    }
    return m_mayAsk ? m_store.revocation.ask(certificate, issuer, m_deadline, m_stop) : fact;
}

ChainLink ChainExaminer::linkOf(X509 *certificate, X509 *issuer, bool trusted) {
    ChainLink link;
    link.info = readCertificate(certificate);
    link.der = toDer(certificate);
    link.info.privateKey = m_store.home.privateKey(describe(sharedCopy(certificate)).keygrip);
    link.authority = isAuthority(certificate);
    link.selfSigned = isSelfSigned(certificate);
    link.trustedRoot = trusted;
    const auto usages = usageWords(certificate);
    link.keyUsage = usages.key;
    link.extendedUsage = usages.extended;
    link.revocation = revocationOf(certificate, issuer);
    return link;
}

void ChainExaminer::judgeLink(const ChainLink &link, X509 *certificate, bool endEntity) {
    const auto now = m_store.config.clock->now();
    const auto owner = endEntity ? Mend::AskForNew : Mend::AskAuthority;
    if (link.info.notAfter < now) {
        fault("chain.expired", link.info, base::toIso8601(link.info.notAfter), owner);
    }
    if (link.info.notBefore > now) {
        fault("chain.not-yet-valid", link.info, base::toIso8601(link.info.notBefore),
              Mend::CheckClock);
    }
    const KeyMinimum minimum{m_store.config.minimumRsaBits, m_store.config.minimumEcBits};
    if (const auto weak = weakness(certificate, minimum)) {
        fault("chain.weak", link.info, *weak, owner);
    }
    switch (link.revocation.status) {
    case RevocationStatus::NotNeeded:
    case RevocationStatus::Good:
        break;
    case RevocationStatus::Revoked:
        fault("chain.revoked", link.info, link.revocation.problem, owner);
        break;
    case RevocationStatus::Unknown:
        if (!link.revocation.problem.empty()) {
            const bool nowhere = link.revocation.source.empty();
            fault("chain.revocation-unknown", link.info, link.revocation.problem,
                  nowhere ? Mend::AskAuthority : Mend::FetchRevocation, link.revocation.source);
        }
        break;
    }
}

void ChainExaminer::judgeEnd(const std::vector<X509Ptr> &chain) {
    auto *last = chain.back().get();
    const auto &link = m_report.links.back();
    if (link.trustedRoot) {
        return;
    }
    if (!link.selfSigned) {
        m_report.missingIssuer = link.info.issuer;
        const auto urls = issuerUrls(last);
        fault("chain.issuer-missing", link.info, link.info.issuer,
              urls.empty() ? Mend::ImportIssuer : Mend::FetchIssuer,
              urls.empty() ? std::string() : urls.front());
        return;
    }
    if (link.authority) {
        fault("chain.root-not-trusted", link.info, {}, Mend::TrustRoot, link.info.fingerprint);
    } else {
        fault("chain.self-signed", link.info, {}, Mend::AskForNew);
    }
}

void ChainExaminer::judgeUse(const StoredCertificate &certificate,
                             std::optional<std::string_view> address) {
    if (certificate.authority) {
        return;
    }
    auto *x509 = certificate.x509.get();
    const auto sign = wrongUsage(x509, CertificatePurpose::Sign);
    const auto encrypt = wrongUsage(x509, CertificatePurpose::Encrypt);
    if (sign && encrypt) {
        fault("chain.wrong-usage", certificate.info, *encrypt, Mend::AskForNew);
    } else if (encrypt) {
        fault("chain.not-for-encryption", certificate.info, *encrypt, Mend::AskForNew);
    } else if (sign) {
        fault("chain.not-for-signing", certificate.info, *sign, Mend::AskForNew);
    }
    if (certificate.info.addresses.empty()) {
        fault("chain.no-address", certificate.info, {}, Mend::AskForNew);
    } else if (address && !isForAddress(certificate.info, *address)) {
        fault("chain.other-address", certificate.info, base::join(certificate.info.addresses, ", "),
              Mend::UseOther);
    }
}

ChainReport ChainExaminer::examine(const StoredCertificate &certificate,
                                   std::optional<std::string_view> address) {
    m_report = {};
    const CertificateAssessor assessor(m_store.config, m_store.home, m_store.revocation, m_content);
    const auto trusted = m_store.home.trustedRoots();
    const auto verdict = assessor.verify(certificate);
    const auto &chain = verdict.chain;
    const auto isRoot = [&](X509 *x509) {
        return isSelfSigned(x509) && trusted.contains(readCertificate(x509).sha1) &&
               isAuthority(x509);
    };
    // Who is not trusted is not asked: their list proves nothing, and asking tells them of us.
    m_mayAsk = !chain.empty() && isRoot(chain.back().get());
    for (std::size_t i = 0; i < chain.size(); ++i) {
        auto *x509 = chain[i].get();
        auto *issuer = i + 1 < chain.size() ? chain[i + 1].get() : nullptr;
        m_report.links.push_back(linkOf(x509, issuer, isRoot(x509)));
    }
    if (!chain.empty()) {
        judgeEnd(chain);
    }
    // What OpenSSL alone sees: path length, name constraints, unknown critical extensions.
    constexpr std::string_view kOther = "chain: ";
    if (verdict.detail.starts_with(kOther)) {
        fault("chain.invalid", certificate.info, verdict.detail.substr(kOther.size()),
              Mend::AskAuthority);
    }
    for (std::size_t i = 0; i < m_report.links.size(); ++i) {
        judgeLink(m_report.links[i], chain[i].get(), i == 0);
    }
    judgeUse(certificate, address);
    // What could not be found out is less grave than what is known to be wrong.
    auto &faults = m_report.faults;
    std::stable_partition(faults.begin(), faults.end(), [](const ChainFault &one) {
        return one.id != "chain.revocation-unknown";
    });
    return std::move(m_report);
}

} // namespace sealpost::crypto
