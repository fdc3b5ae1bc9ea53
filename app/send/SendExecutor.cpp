// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/SendExecutor.h"

#include "base/Text.h"
#include "send/ApprovedAttachments.h"
#include "send/Dismissals.h"
#include "send/MessageWriter.h"
#include "send/PlanJournal.h"
#include "send/RetrySchedule.h"
#include "send/SecondLook.h"
#include "send/Transmitter.h"
#include "store/DraftJson.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>

namespace sealpost::send {

namespace {

using store::OutboxState;

constexpr std::string_view kStage = "send";

std::string idsOf(const std::vector<routing::Owed> &owed) {
    std::vector<std::string> ids;
    ids.reserve(owed.size());
    for (const auto &one : owed) {
        ids.push_back(one.id);
    }
    return base::join(ids, ", ");
}

Result<void> checkPlan(const SendPlan &plan, const Approvals &approvals, Time now) {
    if (plan.blocked()) {
        return fail("plan.blocked", kStage, Reaction::FixInput);
    }
    if (auto valid = mail::validate(plan.outgoing); !valid) {
        return fail(valid.error());
    }
    if (approvals.planDigest != plan.digest) {
        return fail("plan.changed", kStage, Reaction::FixInput);
    }
    if (now >= plan.expiresAt) {
        return fail("plan.expired", kStage, Reaction::FixInput);
    }
    if (const auto open = stillOwed(plan, approvals); !open.empty()) {
        return fail("plan.owed", kStage, Reaction::FixInput, idsOf(open));
    }
    return {};
}

std::map<std::string, std::string> approvalFacts(const SendPlan &plan, const Approvals &approvals) {
    auto facts = planFacts(plan);
    const auto dismissed = std::count_if(plan.findings.begin(), plan.findings.end(),
                                         [](const auto &one) { return !scan::stands(one); });
    if (dismissed > 0) {
        facts["dismissed"] = std::to_string(dismissed);
    }
    if (!plan.owed.empty()) {
        facts["answered"] = idsOf(plan.owed);
        auto overridden = plan.owed;
        std::erase_if(overridden, [](const routing::Owed &owed) {
            return owed.kind != routing::OwedKind::Justification;
        });
        if (!overridden.empty()) {
            facts["overridden"] = idsOf(overridden);
        }
        if (!base::trimmed(approvals.justification).empty() &&
            !repeatsAny(approvals.justification, plan.findings)) {
            facts["justification"] = std::string(base::trimmed(approvals.justification));
        }
    }
    return facts;
}

//! What the person said is wrongly found: what, where and why, never the content.
Result<void> journalDismissals(const SendPlan &plan, store::AuditJournal &journal) {
    for (const auto &finding : plan.findings) {
        if (scan::stands(finding)) {
            continue;
        }
        auto written = journal.append("finding.dismissed", {{"plan", plan.digest},
                                                            {"kind", finding.kind},
                                                            {"place", placeOf(finding.location)},
                                                            {"reason", finding.dismissedBecause}});
        if (!written) {
            return written;
        }
    }
    return {};
}

store::OutboxEntry entryFor(const SendPlan &plan, const Transmission &transmission,
                            const std::string &messageId) {
    store::OutboxEntry entry;
    entry.account = plan.account.name;
    entry.route = base::toString(transmission.route);
    entry.envelopeFrom = transmission.envelopeFrom;
    for (const auto &recipient : transmission.recipients) {
        entry.recipients.push_back(recipient.deliverTo);
        entry.writtenAs.push_back(recipient.address.spec());
        if (transmission.route == RouteKind::Smime) {
            entry.encryptedFor.push_back(recipient.certificateFingerprint);
        }
    }
    entry.decidedUntil = plan.expiresAt;
    if (transmission.route == RouteKind::Tls) {
        entry.tlsSuffices.assign(plan.tlsSuffices.begin(), plan.tlsSuffices.end());
    }
    entry.messageId = messageId;
    entry.planDigest = plan.digest;
    entry.contentDigest = plan.contentDigest;
    entry.draftId = plan.draft.id;
    entry.draftJson = store::draftToJson(plan.draft);
    return entry;
}

Receipt receiptFor(const store::OutboxEntry &entry) {
    Receipt receipt;
    receipt.outboxId = entry.id;
    receipt.route = base::routeKindFrom(entry.route).value_or(RouteKind::Blocked);
    receipt.messageId = entry.messageId;
    receipt.account = entry.account;
    receipt.envelopeFrom = entry.envelopeFrom;
    receipt.planDigest = entry.planDigest;
    return receipt;
}

bool handedOver(const Receipt &receipt) {
    return receipt.outcome.delivery == submit::Delivery::Accepted ||
           receipt.outcome.delivery == submit::Delivery::Uncertain;
}

//! Nothing went out, and to wait mends nothing: a certificate, a password; or a person stopped it.
bool needsAPerson(const Receipt &receipt) {
    const auto &error = receipt.outcome.error;
    return receipt.outcome.delivery == submit::Delivery::NotSent &&
           !(error && error->reaction == Reaction::Retry && !error->code.ends_with(".stopped"));
}

//! Also where the clock was set back since it was put off, or was wrong then.
bool hasCome(Time nextTry, Time now) {
    return nextTry != Time{} && (nextTry <= now || nextTry > now + kLongestPause);
}

//! Nobody has been asked: there was no way to.
bool isWantOfNetwork(std::string_view code) {
    return code.starts_with("net.") || code.starts_with("dns.") ||
           code == "outbox.domain-changed" || code == "outbox.cjsm-changed";
}

} // namespace

//! One execution of one plan.
class SendExecutor::Run {
public:
    Run(ExecutorParts &parts, const SendPlan &plan, Deadline deadline, std::stop_token stop,
        const SendProgress &progress)
        : m_parts(parts), m_plan(plan), m_deadline(deadline), m_stop(std::move(stop)),
          m_progress(progress) {}

    Result<std::vector<Receipt>> execute(const Approvals &approvals, OnTemporaryFailure onFailure);

private:
    [[nodiscard]] Result<void> notTwice() const;
    Result<void> queueAll();
    Result<Receipt> queueOne(const Transmission &transmission);
    void forget(Receipt &receipt);
    void forgetWhatStaysWithTheCaller(OnTemporaryFailure onFailure);
    void report(SendStep step, std::size_t index) const {
        if (m_progress) {
            m_progress(step, index);
        }
    }

    ExecutorParts &m_parts;
    const SendPlan &m_plan;
    Deadline m_deadline;
    std::stop_token m_stop;
    const SendProgress &m_progress;
    MessageParts m_message;
    std::vector<Receipt> m_receipts;
};

Result<std::vector<Receipt>> SendExecutor::Run::execute(const Approvals &approvals,
                                                        OnTemporaryFailure onFailure) {
    if (auto valid = checkPlan(m_plan, approvals, m_parts.clock->now()); !valid) {
        return fail(valid.error());
    }
    if (auto once = notTwice(); !once) {
        return fail(once.error());
    }
    const Transmitter transmitter(m_parts, m_deadline, m_stop, m_progress);
    const auto credentials = transmitter.credentials(m_plan.account);
    if (!credentials) {
        return fail(credentials.error());
    }
    auto attachments = openApproved(m_plan, m_parts.maxMessageSize);
    if (!attachments) {
        return fail(attachments.error());
    }
    m_message = {std::move(*attachments),
                 {m_plan.outgoing.from, m_plan.outgoing.to, m_plan.outgoing.cc, m_plan.subject,
                  m_parts.clock->now(), mail::newMessageId(m_plan.account.address.domain())}};
    report(SendStep::Checked, 0);

    if (auto written = m_parts.journal->append("plan.approved", approvalFacts(m_plan, approvals));
        !written) {
        return fail(written.error());
    }
    if (auto written = journalDismissals(m_plan, *m_parts.journal); !written) {
        return fail(written.error());
    }
    report(SendStep::Approved, 0);

    if (auto queued = queueAll(); !queued) {
        for (auto &receipt : m_receipts) {
            forget(receipt);
        }
        return fail(queued.error());
    }
    m_message.attachments.clear();
    transmitter.transmit(m_receipts, m_plan.account, *credentials);
    forgetWhatStaysWithTheCaller(onFailure);
    return std::move(m_receipts);
}

//! Who stands in the outbox with this very content would get it from there too.
Result<void> SendExecutor::Run::notTwice() const {
    const auto open = m_parts.outbox->open();
    if (!open) {
        return fail(open.error());
    }
    std::vector<std::string> twice;
    std::int64_t id = 0;
    for (const auto &entry : *open) {
        if (entry.contentDigest != m_plan.contentDigest) {
            continue;
        }
        const auto spokenFor = entry.spokenFor();
        for (const auto &transmission : m_plan.transmissions) {
            for (const auto &recipient : transmission.recipients) {
                if (std::find(spokenFor.begin(), spokenFor.end(), recipient.address.spec()) !=
                    spokenFor.end()) {
                    twice.push_back(recipient.address.spec());
                    id = entry.id;
                }
            }
        }
    }
    return twice.empty() ? Result<void>()
                         : fail("send.waits-already", kStage, Reaction::FixInput,
                                std::to_string(id), base::join(twice, ", "));
}

void SendExecutor::Run::forgetWhatStaysWithTheCaller(OnTemporaryFailure onFailure) {
    switch (onFailure) {
    case OnTemporaryFailure::Discard:
        if (std::none_of(m_receipts.begin(), m_receipts.end(), handedOver)) {
            for (auto &receipt : m_receipts) {
                forget(receipt);
            }
        }
        break;
    case OnTemporaryFailure::KeepWhatPasses:
        for (auto &receipt : m_receipts) {
            if (needsAPerson(receipt)) {
                forget(receipt);
            }
        }
        break;
    case OnTemporaryFailure::Keep:
        break;
    }
}

Result<void> SendExecutor::Run::queueAll() {
    for (std::size_t i = 0; i < m_plan.transmissions.size(); ++i) {
        if (m_stop.stop_requested()) {
            return fail("send.stopped", kStage, Reaction::Retry);
        }
        report(SendStep::Sealing, i);
        auto receipt = queueOne(m_plan.transmissions[i]);
        if (!receipt) {
            return fail(receipt.error());
        }
        m_receipts.push_back(std::move(*receipt));
    }
    for (const auto &receipt : m_receipts) {
        if (auto written = m_parts.journal->append(
                "outbox.queued", {{"plan", m_plan.digest},
                                  {"outbox", std::to_string(receipt.outboxId)},
                                  {"route", std::string(base::toString(receipt.route))},
                                  {"message-id", receipt.messageId}});
            !written) {
            return fail(written.error());
        }
    }
    report(SendStep::Queued, 0);
    return {};
}

Result<Receipt> SendExecutor::Run::queueOne(const Transmission &transmission) {
    const auto &messageId = m_message.headers.messageId;
    auto writer = m_parts.outbox->add(entryFor(m_plan, transmission, messageId));
    if (!writer) {
        return fail(writer.error());
    }
    auto smime =
        writeMessage(m_plan, transmission, m_message, *m_parts.sealer, m_deadline, **writer);
    if (!smime) {
        return fail(smime.error());
    }
    auto id = (*writer)->commit();
    if (!id) {
        return fail(id.error());
    }
    Receipt receipt;
    receipt.outboxId = *id;
    receipt.route = transmission.route;
    receipt.messageId = messageId;
    receipt.account = m_plan.account.name;
    receipt.envelopeFrom = transmission.envelopeFrom;
    receipt.planDigest = m_plan.digest;
    receipt.smime = std::move(*smime);
    return receipt;
}

//! Nothing was handed over: the caller still has the draft, so the outbox need not keep it.
void SendExecutor::Run::forget(Receipt &receipt) {
    // Where the store can't remove it now, it waits there, and the caller is told so.
    if (m_parts.outbox->remove(receipt.outboxId)) {
        receipt.waits = false;
        (void)m_parts.journal->append(
            "outbox.removed",
            {{"outbox", std::to_string(receipt.outboxId)}, {"why", "nothing-was-sent"}});
    }
}

SendExecutor::SendExecutor(ExecutorParts parts) : m_parts(std::move(parts)) {}

Result<std::vector<Receipt>> SendExecutor::execute(const SendPlan &plan, const Approvals &approvals,
                                                   OnTemporaryFailure onFailure, Deadline deadline,
                                                   std::stop_token stop,
                                                   const SendProgress &progress) {
    return Run(m_parts, plan, deadline, std::move(stop), progress).execute(approvals, onFailure);
}

Result<Receipt> SendExecutor::submitQueued(std::int64_t id, const mail::Account &account,
                                           Deadline deadline, const std::stop_token &stop,
                                           const SendProgress &progress) {
    const auto entry = m_parts.outbox->entry(id);
    if (!entry) {
        return fail(entry.error());
    }
    if (entry->state != OutboxState::Queued && entry->state != OutboxState::Deferred) {
        return fail("outbox.not-waiting", kStage, Reaction::FixInput,
                    store::toString(entry->state));
    }
    const SecondLook look(m_parts.reports, m_parts.certificates, m_parts.policy, m_parts.cjsm,
                          m_parts.clock->now(), deadline, stop);
    if (auto holds = look.at(*entry, account); !holds) {
        return fail(holds.error());
    }
    const Transmitter transmitter(m_parts, deadline, stop, progress);
    const auto credentials = transmitter.credentials(account);
    if (!credentials) {
        return fail(credentials.error());
    }
    auto receipt = receiptFor(*entry);
    transmitter.transmit({&receipt, 1}, account, *credentials);
    return receipt;
}

//! What is to be tried now; what has waited too long is given up on the way.
Result<std::vector<store::OutboxEntry>> SendExecutor::due(DueFor due, int &givenUp) {
    auto entries = m_parts.outbox->open();
    if (!entries) {
        return entries;
    }
    const auto now = m_parts.clock->now();
    std::vector<store::OutboxEntry> out;
    for (auto &entry : *entries) {
        if (entry.state == OutboxState::Queued) {
            out.push_back(std::move(entry));
            continue;
        }
        if (entry.state != OutboxState::Deferred) {
            continue;
        }
        if (now > entry.created + m_parts.submission.retryFor) {
            constexpr std::string_view kGaveUp = "outbox.gave-up";
            if (auto set = m_parts.outbox->setState(entry.id, OutboxState::Failed, kGaveUp); !set) {
                return fail(set.error());
            }
            if (auto written =
                    m_parts.journal->append(kGaveUp, {{"outbox", std::to_string(entry.id)},
                                                      {"message-id", entry.messageId},
                                                      {"last-error", entry.lastError}});
                !written) {
                return fail(written.error());
            }
            ++givenUp;
        } else if (hasCome(entry.nextTry, now) ||
                   (due == DueFor::NetworkBack && isWantOfNetwork(entry.lastError))) {
            out.push_back(std::move(entry));
        }
    }
    return out;
}

//! It was due and is not tried: it waits on, and says why.
void SendExecutor::holdBack(DueOutcome &outcome, const store::OutboxEntry &entry,
                            const Error &error) {
    std::random_device chance;
    const auto now = m_parts.clock->now();
    // As after a try: not once a minute for as long as it stands so.
    const auto next =
        needsMending(error)
            ? std::nullopt
            : nextTry({m_parts.submission.retryFor}, entry.created, std::max(entry.attempts, 1),
                      now, static_cast<double>(chance()) / std::random_device::max());
    if (const auto kept = m_parts.outbox->postpone(entry.id, error.code, next); !kept) {
        outcome.notTried.emplace_back(entry.id, kept.error());
        return;
    }
    (void)m_parts.journal->append("outbox.held-back", {{"outbox", std::to_string(entry.id)},
                                                       {"message-id", entry.messageId},
                                                       {"error", error.code}});
    outcome.notTried.emplace_back(entry.id, error);
}

Result<DueOutcome> SendExecutor::submitDue(std::span<const mail::Account> accounts, DueFor which,
                                           Deadline deadline, const std::stop_token &stop,
                                           const SendProgress &progress) {
    DueOutcome outcome;
    const auto entries = due(which, outcome.givenUp);
    if (!entries) {
        return fail(entries.error());
    }
    const SecondLook look(m_parts.reports, m_parts.certificates, m_parts.policy, m_parts.cjsm,
                          m_parts.clock->now(), deadline, stop);
    std::map<std::string, std::vector<Receipt>> byAccount;
    for (const auto &entry : *entries) {
        const auto account = std::find_if(accounts.begin(), accounts.end(), [&](const auto &one) {
            return one.name == entry.account;
        });
        const auto holds = account == accounts.end()
                               ? Result<void>(fail("account.not-found", kStage, Reaction::FixInput,
                                                   {}, entry.account))
                               : look.at(entry, *account);
        if (holds) {
            byAccount[entry.account].push_back(receiptFor(entry));
        } else {
            holdBack(outcome, entry, holds.error());
        }
    }
    const Transmitter transmitter(m_parts, deadline, stop, progress);
    for (auto &[name, receipts] : byAccount) {
        const auto account =
            std::find_if(accounts.begin(), accounts.end(),
                         [&wanted = name](const auto &one) { return one.name == wanted; });
        const auto credentials = transmitter.credentials(*account);
        if (!credentials) {
            for (const auto &receipt : receipts) {
                const auto entry = m_parts.outbox->entry(receipt.outboxId);
                if (entry) {
                    holdBack(outcome, *entry, credentials.error());
                }
            }
            continue;
        }
        transmitter.transmit(receipts, *account, *credentials);
        std::move(receipts.begin(), receipts.end(), std::back_inserter(outcome.receipts));
    }
    return outcome;
}

} // namespace sealpost::send
