// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/CjsmDirectory.h"
#include "assurance/DomainAssessor.h"
#include "base/Clock.h"
#include "base/Deadline.h"
#include "crypto/CertificateStore.h"
#include "crypto/Keychain.h"
#include "crypto/SmimeEngine.h"
#include "policy/Policy.h"
#include "send/Receipt.h"
#include "send/SendPlan.h"
#include "store/AuditJournal.h"
#include "store/Outbox.h"
#include "store/UsedRecipients.h"
#include "submit/SmtpSubmitter.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

namespace sealpost::send {

//! The steps of sending, in order; 5 to 9 come once for each transmission.
enum class SendStep {
    Checked,    //!< plan and approvals hold; nothing written yet
    Approved,   //!< the approval is in the journal
    Sealing,    //!< a message is being built, signed and encrypted into the outbox
    Queued,     //!< all transmissions are complete in the outbox
    Submitting, //!< the dialogue with the server begins
    Committing, //!< all content is written, the last dot is not
    Replied,    //!< the server has answered
    Recorded,   //!< outbox and receipt say how it ended
    Journaled,  //!< and so does the journal
};

//! Called at each step, from the executor's thread; `transmission` counts from 0.
using SendProgress = std::function<void(SendStep step, std::size_t transmission)>;

//! What became of the entries that were due.
struct DueOutcome {
    std::vector<Receipt> receipts;
    std::vector<std::pair<std::int64_t, Error>> notTried; //!< by entry: they wait on
    int givenUp = 0; //!< have waited for longer than policy allows
};

//! Which of those that wait are due.
enum class DueFor {
    Time,        //!< whose next try has come
    NetworkBack, //!< the same, and those that failed for want of a network
};

//! What becomes of a message that nobody got for now. Once somebody got it, or may have, the others
//! wait in the outbox in any case (Receipt::waits): to send all of it again would be twice for
//! some.
enum class OnTemporaryFailure {
    Discard,        //!< nothing stays in the outbox: the caller keeps the draft
    Keep,           //!< it waits in the outbox
    KeepWhatPasses, //!< the same where waiting may mend it; else the caller keeps the draft
};

struct ExecutorParts {
    std::shared_ptr<crypto::MessageSealer> sealer;
    std::shared_ptr<submit::Submitter> submitter;
    std::shared_ptr<store::Outbox> outbox;
    std::shared_ptr<store::AuditJournal> journal;
    std::shared_ptr<crypto::Keychain> keychain;
    std::shared_ptr<assurance::ReportSource> reports;
    std::shared_ptr<const Clock> clock;
    ByteCount maxMessageSize = 50 * base::kMiB;
    policy::SubmissionPolicy submission;
    std::shared_ptr<submit::TokenSource> tokens;             //!< null where no account has OAuth
    std::shared_ptr<crypto::CertificateFinder> certificates; //!< asked about what has waited
    std::shared_ptr<store::UsedRecipients> used{};           //!< may be empty
    policy::Policy policy{};                                 //!< what has waited is held to it
    std::shared_ptr<assurance::CjsmDirectory> cjsm{};        //!< may be empty
};

//! Carries out a plan. Blocking, one send at a time per profile (Runtime holds the lock).
class SendExecutor {
public:
    explicit SendExecutor(ExecutorParts parts);

    //! One receipt for each transmission, whatever the server said. Errors are for what ended
    //! before a byte went out, and then the outbox holds nothing of it:
    //! FixInput "plan.expired", "plan.changed", "plan.blocked", "plan.owed", "send.waits-already"
    //! (the same content stands in the outbox for one of the recipients, who would get it twice);
    //! attachments', sealer's, store's and keychain's errors.
    [[nodiscard]] Result<std::vector<Receipt>>
    execute(const SendPlan &plan, const Approvals &approvals, OnTemporaryFailure onFailure,
            Deadline deadline, std::stop_token stop, const SendProgress &progress = {});

    //! Tries a Queued or Deferred entry again, for the recipients for whom it has not ended; a
    //! person's wish, so that it needs not be due. FixInput "outbox.not-found",
    //! "outbox.not-waiting" (an Uncertain entry is never resent by this); SecondLook's errors.
    [[nodiscard]] Result<Receipt> submitQueued(std::int64_t id, const mail::Account &account,
                                               Deadline deadline, const std::stop_token &stop,
                                               const SendProgress &progress = {});

    //! Tries all Queued entries, and all Deferred ones that are due, each account's in one session.
    //! What has waited for longer than policy allows is given up: Failed, "outbox.gave-up". What a
    //! second look holds back is looked at again later, ever more seldom, as after a try.
    [[nodiscard]] Result<DueOutcome> submitDue(std::span<const mail::Account> accounts, DueFor due,
                                               Deadline deadline, const std::stop_token &stop,
                                               const SendProgress &progress = {});

private:
    class Run;
    [[nodiscard]] Result<std::vector<store::OutboxEntry>> due(DueFor due, int &givenUp);
    void holdBack(DueOutcome &outcome, const store::OutboxEntry &entry, const Error &error);
    ExecutorParts m_parts;
};

} // namespace sealpost::send
