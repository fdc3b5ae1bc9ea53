// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Transmitter.h"

#include "base/Text.h"
#include "send/RetrySchedule.h"

#include <QJsonDocument>
#include <algorithm>
#include <random>

namespace sealpost::send {

namespace {

using store::OutboxState;
using submit::Delivery;

bool ended(const submit::RecipientResult &recipient) {
    return recipient.delivery != Delivery::Deferred && recipient.delivery != Delivery::NotSent;
}

OutboxState stateAfter(const submit::SubmitOutcome &outcome) {
    switch (outcome.delivery) {
    case Delivery::Accepted:
        // Who was turned away for now is tried again, and nobody else.
        return std::all_of(outcome.recipients.begin(), outcome.recipients.end(), ended)
                   ? OutboxState::Accepted
                   : OutboxState::Deferred;
    case Delivery::Refused:
        return OutboxState::Failed;
    case Delivery::Uncertain:
        return OutboxState::Uncertain;
    case Delivery::Deferred:
    case Delivery::NotSent:
        break;
    }
    return OutboxState::Deferred;
}

submit::SubmitOutcome notSent(const Error &error, const std::vector<std::string> &recipients) {
    submit::SubmitOutcome outcome;
    outcome.error = error;
    for (const auto &recipient : recipients) {
        outcome.recipients.push_back({recipient, Delivery::NotSent, {}});
    }
    return outcome;
}

std::string peerFact(const submit::SubmitOutcome &outcome) {
    return outcome.tls
               ? outcome.tls->version + " " + outcome.tls->cipher + " " + outcome.tls->sha256
               : std::string();
}

} // namespace

Result<submit::Credentials> Transmitter::credentials(const mail::Account &account) const {
    return submit::readCredentials(*m_parts.keychain, m_parts.tokens, account, m_deadline, m_stop);
}

void Transmitter::transmit(std::span<Receipt> receipts, const mail::Account &account,
                           const submit::Credentials &credentials) const {
    std::vector<submit::Submission> submissions;
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        if (auto prepared = prepare(receipts[i], i)) {
            submissions.push_back(std::move(*prepared));
        }
    }
    if (!submissions.empty()) {
        // Each receipt is filled as soon as its outcome is known.
        (void)m_parts.submitter->submit(account, credentials, submissions, m_deadline, m_stop);
    }
}

std::optional<submit::Submission> Transmitter::prepare(Receipt &receipt, std::size_t index) const {
    const auto id = receipt.outboxId;
    const auto entry = m_parts.outbox->entry(id);
    if (!entry) {
        settle(receipt, notSent(entry.error(), {}), index);
        return std::nullopt;
    }
    if (auto set = m_parts.outbox->setState(id, OutboxState::Submitting); !set) {
        settle(receipt, notSent(set.error(), entry->waiting()), index);
        return std::nullopt;
    }
    report(SendStep::Submitting, index);
    submit::Submission submission;
    submission.envelopeFrom = entry->envelopeFrom;
    submission.recipients = entry->waiting();
    submission.size = entry->size;
    ask(submission, *entry);
    submission.open = [this, id] { return m_parts.outbox->message(id); };
    submission.beforeLastDot = [this, id, index]() -> Result<void> {
        // Durable before the last dot: were the program to end now, a start would find that the
        // server may have the message.
        auto set = m_parts.outbox->setState(id, OutboxState::Committing);
        if (set) {
            report(SendStep::Committing, index);
        }
        return set;
    };
    submission.finished = [this, &receipt, index](const submit::SubmitOutcome &outcome) {
        settle(receipt, outcome, index);
    };
    return submission;
}

//! What the servers on the way are asked for.
void Transmitter::ask(submit::Submission &submission, const store::OutboxEntry &entry) const {
    constexpr std::size_t kIdSize = 32;
    const auto &rules = m_parts.submission;
    if (entry.route == base::toString(RouteKind::Tls)) {
        submission.requireTls = rules.requireTls;
    }
    if (entry.route == base::toString(RouteKind::Cjsm)) {
        submission.notThrough = m_parts.policy.multiClientRelays;
    }
    submission.dsn.emplace();
    submission.dsn->success = rules.reportSuccess;
    submission.dsn->envelopeId = entry.planDigest.substr(0, kIdSize);
    if (rules.deliverWithin.count() > 0) {
        submission.deliverWithin = rules.deliverWithin;
    }
}

void Transmitter::settle(Receipt &receipt, submit::SubmitOutcome outcome, std::size_t index) const {
    receipt.outcome = std::move(outcome);
    receipt.time = m_parts.clock->now();
    report(SendStep::Replied, index);
    record(receipt, index);
}

store::OutboxResult Transmitter::resultOf(const Receipt &receipt, const std::string &json,
                                          const std::string &code) const {
    const auto &outcome = receipt.outcome;
    store::OutboxResult result{stateAfter(outcome), json, code};
    for (const auto &recipient : outcome.recipients) {
        const bool refused = recipient.delivery == Delivery::Refused;
        // Refused for good, whatever the others' next try brings; the rest ends with the message.
        if (refused || (outcome.delivery == Delivery::Accepted && ended(recipient))) {
            result.newlySettled.push_back(recipient.addressSpec);
        }
        if (refused) {
            result.newlyRefused.push_back(recipient.addressSpec);
        }
    }
    if (outcome.delivery == Delivery::NotSent && outcome.error && needsMending(*outcome.error)) {
        return result;
    }
    if (const auto entry = m_parts.outbox->entry(receipt.outboxId);
        entry && result.state == OutboxState::Deferred) {
        std::random_device chance;
        result.nextTry =
            nextTry({m_parts.submission.retryFor}, entry->created, entry->attempts, receipt.time,
                    static_cast<double>(chance()) / std::random_device::max());
    }
    return result;
}

//! Whom the server took it for is no stranger any more. Where that can't be kept, the person is
//! asked once more: no failure.
void Transmitter::remember(const submit::SubmitOutcome &outcome) const {
    if (!m_parts.used) {
        return;
    }
    std::vector<mail::Address> accepted;
    for (const auto &one : outcome.recipients) {
        const auto address = mail::Address::parse(one.addressSpec);
        if (one.delivery == Delivery::Accepted && address) {
            accepted.push_back(*address);
        }
    }
    (void)m_parts.used->add(accepted);
}

void Transmitter::record(Receipt &receipt, std::size_t index) const {
    const auto &outcome = receipt.outcome;
    const auto code = outcome.error ? outcome.error->code : std::string();
    receipt.waits = stateAfter(outcome) == OutboxState::Deferred;
    const auto json = QJsonDocument(toJson(receipt)).toJson(QJsonDocument::Compact).toStdString();
    auto kept = m_parts.outbox->finish(receipt.outboxId, resultOf(receipt, json, code));
    remember(outcome);
    report(SendStep::Recorded, index);
    std::vector<std::string> recipients;
    for (const auto &one : outcome.recipients) {
        recipients.push_back(one.addressSpec + "=" + std::string(submit::toString(one.delivery)));
    }
    std::map<std::string, std::string> facts{{"outbox", std::to_string(receipt.outboxId)},
                                             {"message-id", receipt.messageId},
                                             {"route", std::string(base::toString(receipt.route))},
                                             {"server", outcome.server},
                                             {"sign-in", outcome.mechanism},
                                             {"tls", peerFact(outcome)},
                                             {"queue-id", outcome.queueId},
                                             {"recipients", base::join(recipients, ", ")}};
    if (!code.empty()) {
        facts["error"] = code;
    }
    auto written = m_parts.journal->append(
        "submission." + std::string(submit::toString(outcome.delivery)), facts);
    if (!kept) {
        receipt.notRecorded = kept.error();
    } else if (!written) {
        receipt.notRecorded = written.error();
    }
    report(SendStep::Journaled, index);
}

} // namespace sealpost::send
