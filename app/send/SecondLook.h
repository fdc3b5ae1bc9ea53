// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/CjsmDirectory.h"
#include "assurance/DomainAssessor.h"
#include "base/Clock.h"
#include "base/Deadline.h"
#include "crypto/CertificateStore.h"
#include "mail/Account.h"
#include "policy/Policy.h"
#include "store/Outbox.h"

#include <memory>
#include <stop_token>

namespace sealpost::send {

//! Whether what was decided of a message that has waited still holds: its content was sealed then,
//! so it goes as it is or not at all.
class SecondLook {
public:
    //! Keeps a reference to the policy.
    SecondLook(std::shared_ptr<assurance::ReportSource> reports,
               std::shared_ptr<crypto::CertificateFinder> certificates,
               const policy::Policy &policy, std::shared_ptr<assurance::CjsmDirectory> cjsm,
               Time now, Deadline deadline, std::stop_token stop)
        : m_reports(std::move(reports)), m_certificates(std::move(certificates)), m_policy(policy),
          m_cjsm(std::move(cjsm)), m_now(now), m_deadline(deadline), m_stop(std::move(stop)) {}

    //! Of a message by TLS, always: FixInput "outbox.domain-changed" (Retry where nothing could be
    //! found out) where a recipient's domain, asked again, no longer suffices. Of one by S/MIME,
    //! after the plan's expiry: FixInput "outbox.certificate-changed" where a certificate that it
    //! is encrypted to can't be used any more; Retry "outbox.revocation-unknown" where nobody can
    //! say whether it has been revoked and neither policy nor the reason given then lets that by;
    //! CertificateFinder's errors. Of one through CJSM or
    //! by Office 365 Message Encryption, always: FixInput "outbox.account-changed" where the
    //! account, its server, this computer or the policy no longer is what that way asks for. Of one
    //! through CJSM, always: FixInput "outbox.cjsm-changed" (Retry where nothing could be found
    //! out) where a recipient, looked up again, is not to be reached at that secure address any
    //! more.
    [[nodiscard]] Result<void> at(const store::OutboxEntry &entry,
                                  const mail::Account &account) const;

private:
    [[nodiscard]] Result<void> accountOf(const store::OutboxEntry &entry,
                                         const mail::Account &account) const;
    [[nodiscard]] Result<void> cjsmOf(const store::OutboxEntry &entry) const;
    [[nodiscard]] Result<void> cjsmOf(const std::string &deliverTo,
                                      const mail::Address &written) const;
    [[nodiscard]] Result<void> domainsOf(const store::OutboxEntry &entry) const;
    [[nodiscard]] Result<void> certificatesOf(const store::OutboxEntry &entry) const;

    std::shared_ptr<assurance::ReportSource> m_reports;
    std::shared_ptr<crypto::CertificateFinder> m_certificates;
    const policy::Policy &m_policy;
    std::shared_ptr<assurance::CjsmDirectory> m_cjsm; //!< may be empty
    Time m_now;
    Deadline m_deadline;
    std::stop_token m_stop;
};

} // namespace sealpost::send
