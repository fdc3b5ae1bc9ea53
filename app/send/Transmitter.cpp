// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Transmitter.h"

#include "base/Text.h"

#include <QJsonDocument>

namespace sealpost::send {

namespace {

using store::OutboxState;
using submit::Delivery;

constexpr std::string_view kStage = "send";

OutboxState stateAfter(Delivery delivery) {
    switch (delivery) {
    case Delivery::Accepted:
        return OutboxState::Accepted;
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

Result<SecretBytes> Transmitter::password(const mail::Account &account) const {
    if (account.userName.empty()) {
        return SecretBytes();
    }
    auto stored = m_parts.keychain->read(account.keychainKey());
    if (!stored) {
        return fail(stored.error());
    }
    if (!*stored) {
        return fail("account.no-password", kStage, Reaction::FixInput, {}, account.name);
    }
    return std::move(**stored);
}

void Transmitter::transmit(Receipt &receipt, const mail::Account &account,
                           const SecretBytes &password, std::size_t index) const {
    receipt.outcome = submit(receipt, account, password, index);
    receipt.time = m_parts.clock->now();
    report(SendStep::Replied, index);
    record(receipt, index);
}

submit::SubmitOutcome Transmitter::submit(const Receipt &receipt, const mail::Account &account,
                                          const SecretBytes &password, std::size_t index) const {
    const auto id = receipt.outboxId;
    const auto entry = m_parts.outbox->entry(id);
    if (!entry) {
        return notSent(entry.error(), {});
    }
    auto message = m_parts.outbox->message(id);
    if (!message) {
        return notSent(message.error(), entry->recipients);
    }
    if (auto set = m_parts.outbox->setState(id, OutboxState::Submitting); !set) {
        return notSent(set.error(), entry->recipients);
    }
    report(SendStep::Submitting, index);
    submit::Submission submission;
    submission.envelopeFrom = entry->envelopeFrom;
    submission.recipients = entry->recipients;
    submission.message = message->get();
    submission.size = entry->size;
    submission.beforeLastDot = [&]() -> Result<void> {
        // Durable before the last dot: were the program to end now, a start would find that the
        // server may have the message.
        auto set = m_parts.outbox->setState(id, OutboxState::Committing);
        if (set) {
            report(SendStep::Committing, index);
        }
        return set;
    };
    return m_parts.submitter->submit(account, password, submission, m_deadline, m_stop);
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
    const auto json = QJsonDocument(toJson(receipt)).toJson(QJsonDocument::Compact).toStdString();
    auto kept = m_parts.outbox->finish(receipt.outboxId, stateAfter(outcome.delivery), json, code);
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
