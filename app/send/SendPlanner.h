// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/CjsmDirectory.h"
#include "assurance/DomainAssessor.h"
#include "base/Clock.h"
#include "base/Deadline.h"
#include "crypto/CertificateStore.h"
#include "policy/Policy.h"
#include "scan/Scanner.h"
#include "send/ContentInspector.h"
#include "send/Forwarding.h"
#include "send/SendPlan.h"
#include "store/UsedRecipients.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace sealpost::send {

struct PlannerParts {
    std::shared_ptr<const scan::Scanner> scanner;
    std::shared_ptr<assurance::ReportSource> reports;
    std::shared_ptr<crypto::CertificateFinder> certificates;
    std::shared_ptr<const Clock> clock;
    policy::Policy policy;
    std::shared_ptr<const assurance::CjsmDirectory> cjsm;   //!< may be empty
    std::shared_ptr<const SecretBytes> markKey{};           //!< may be empty: nothing is dismissed
    std::shared_ptr<store::UsedRecipients> used{};          //!< may be empty: nobody was written to
    std::shared_ptr<const receive::MessageOpener> opener{}; //!< may be empty: nothing is forwarded
};

//! What is known so far, for a window that fills while the evidence comes in. Called from the
//! planner's threads.
struct PlanProgress {
    std::function<void(const assurance::DomainReport &)> domainKnown;
};

//! Gathers evidence and decides; sends nothing. Any thread, several at once.
class SendPlanner {
public:
    explicit SendPlanner(PlannerParts parts);
    ~SendPlanner();
    SendPlanner(const SendPlanner &) = delete;
    SendPlanner &operator=(const SendPlanner &) = delete;

    //! The plan for a draft as it stands. FixInput: mail::validate()'s, readAttachment()'s,
    //! checkMarkingWords()'s, Forwarder's, "message.too-large"; Keychain's and CertificateStore's
    //! errors; Retry "plan.deadline", "plan.stopped". What can't be found out about a domain is in
    //! the plan, not an error.
    [[nodiscard]] Result<std::shared_ptr<const SendPlan>>
    plan(const mail::Draft &draft, const mail::Account &account, Deadline deadline,
         const std::stop_token &stop, const PlanProgress &progress = {}) const;

    //! The contents alone, without anybody's evidence. ContentInspector::inspect()'s errors.
    [[nodiscard]] Result<Contents> inspect(const mail::Draft &draft, Deadline deadline,
                                           const std::stop_token &stop) const;
    //! The planner's own: what it has looked into needs no second look in a plan.
    [[nodiscard]] AttachmentInspector &attachments() const;
    [[nodiscard]] ByteCount maxAttachmentSize() const { return m_parts.policy.maxMessageSize; }

private:
    struct Outgoing;
    [[nodiscard]] Result<Outgoing> outgoing(mail::Draft draft, Deadline deadline,
                                            const std::stop_token &stop) const;

    PlannerParts m_parts;
    std::unique_ptr<ContentInspector> m_contents;
};

//! SHA-256 over all that a person approved: addresses, subject, body, classification with what
//! stands beside it, account, what is dismissed and why, and each attachment's name and bytes (by
//! their digests).
[[nodiscard]] std::string draftDigest(const mail::Draft &draft,
                                      const std::vector<std::string> &attachmentDigests);

//! SHA-256 over what a message says alone: subject, body and attachments.
[[nodiscard]] std::string contentDigest(const mail::Draft &draft,
                                        const std::vector<std::string> &attachmentDigests);

} // namespace sealpost::send
