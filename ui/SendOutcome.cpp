// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SendOutcome.h"

#include "ui/Labels.h"
#include "wording/Wording.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

namespace sealpost::ui {
namespace {

using submit::Delivery;

QString tr(const char *text) {
    return QCoreApplication::translate("SendOutcome", text);
}

RecipientOutcome outcomeOf(const send::Transmission &transmission,
                           const send::PlannedRecipient &recipient, const send::Receipt *receipt) {
    RecipientOutcome outcome{recipient.address, transmission.route};
    if (receipt == nullptr) {
        return outcome;
    }
    outcome.delivery = receipt->outcome.delivery;
    outcome.reply = receipt->outcome.reply;
    for (const auto &result : receipt->outcome.recipients) {
        if (result.addressSpec == recipient.deliverTo) {
            outcome.delivery = result.delivery;
            outcome.reply = result.reply;
        }
    }
    outcome.waits = receipt->waits && (outcome.delivery == Delivery::Deferred ||
                                       outcome.delivery == Delivery::NotSent);
    return outcome;
}

bool isDone(const RecipientOutcome &outcome) {
    return outcome.delivery == Delivery::Accepted || outcome.delivery == Delivery::Uncertain ||
           outcome.waits;
}

void addLine(QStringList &lines, const QString &name, const std::string &value) {
    if (!value.empty()) {
        lines << QStringLiteral("%1: %2").arg(name, toQString(value));
    }
}

} // namespace

std::vector<RecipientOutcome> outcomesOf(const send::SendPlan &plan,
                                         const std::vector<send::Receipt> &receipts) {
    std::vector<RecipientOutcome> outcomes;
    for (std::size_t i = 0; i < plan.transmissions.size(); ++i) {
        const auto *receipt = i < receipts.size() ? &receipts[i] : nullptr;
        for (const auto &recipient : plan.transmissions[i].recipients) {
            outcomes.push_back(outcomeOf(plan.transmissions[i], recipient, receipt));
        }
    }
    return outcomes;
}

std::optional<mail::Draft> remainingDraft(const send::SendPlan &plan,
                                          const std::vector<send::Receipt> &receipts) {
    const auto outcomes = outcomesOf(plan, receipts);
    auto draft = plan.draft;
    const auto drop = [&](std::vector<mail::Address> &addresses) {
        std::erase_if(addresses, [&](const mail::Address &address) {
            return std::any_of(outcomes.begin(), outcomes.end(), [&](const auto &outcome) {
                return outcome.address == address && isDone(outcome);
            });
        });
    };
    drop(draft.to);
    drop(draft.cc);
    drop(draft.bcc);
    if (draft.to.empty() && draft.cc.empty() && draft.bcc.empty()) {
        return std::nullopt;
    }
    return draft;
}

QString outcomeTitle(const std::vector<RecipientOutcome> &outcomes) {
    const auto count = [&](Delivery delivery) {
        return std::count_if(outcomes.begin(), outcomes.end(),
                             [&](const auto &one) { return one.delivery == delivery; });
    };
    const auto all = static_cast<std::ptrdiff_t>(outcomes.size());
    if (count(Delivery::Accepted) == all) {
        return tr("Sent");
    }
    if (count(Delivery::Uncertain) > 0) {
        return tr("It is not certain that everything was sent");
    }
    const auto waiting = std::count_if(outcomes.begin(), outcomes.end(),
                                       [](const auto &outcome) { return outcome.waits; });
    if (waiting == all) {
        return tr("Waiting in the outbox");
    }
    if (count(Delivery::Accepted) == 0) {
        return waiting > 0 ? tr("Waiting in the outbox for some of the recipients")
                           : tr("Not sent");
    }
    return waiting + count(Delivery::Accepted) == all
               ? tr("Sent to some; the others are tried again")
               : tr("Sent to some of the recipients");
}

QString iconOf(Delivery delivery) {
    switch (delivery) {
    case Delivery::Accepted:
        return QStringLiteral("done");
    case Delivery::Deferred:
        return QStringLiteral("checking");
    case Delivery::Refused:
    case Delivery::NotSent:
        return QStringLiteral("blocked");
    case Delivery::Uncertain:
        return QStringLiteral("unconfirmed");
    }
    return {};
}

Tone toneOf(Delivery delivery) {
    switch (delivery) {
    case Delivery::Accepted:
        return Tone::Good;
    case Delivery::Deferred:
    case Delivery::Uncertain:
        return Tone::Caution;
    case Delivery::Refused:
    case Delivery::NotSent:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

QString technicalText(const send::Receipt &receipt) {
    QStringList lines;
    addLine(lines, tr("Message-ID"), receipt.messageId);
    addLine(lines, tr("Route"), std::string(base::toString(receipt.route)));
    addLine(lines, tr("Server"), receipt.outcome.server);
    if (const auto &tls = receipt.outcome.tls) {
        addLine(lines, tr("TLS"), tls->version + " " + tls->cipher);
        addLine(lines, tr("Server certificate"), tls->subject);
        addLine(lines, tr("Issued by"), tls->issuer);
        addLine(lines, tr("Certificate SHA-256"), tls->sha256);
    }
    addLine(lines, tr("Reply"), receipt.outcome.reply);
    addLine(lines, tr("Queue id"), receipt.outcome.queueId);
    for (const auto &recipient : receipt.outcome.recipients) {
        addLine(lines, toQString(recipient.addressSpec),
                std::string(submit::toString(recipient.delivery)) + " " + recipient.reply);
    }
    addLine(lines, tr("Signed by"), receipt.smime.signedBy);
    for (const auto &fingerprint : receipt.smime.encryptedTo) {
        addLine(lines, tr("Encrypted to"), fingerprint);
    }
    addLine(lines, tr("Encryption"), receipt.smime.cipher);
    addLine(lines, tr("Digest"), receipt.smime.digest);
    if (receipt.outcome.error) {
        addLine(lines, tr("Error"), receipt.outcome.error->code);
        addLine(lines, tr("Detail"), receipt.outcome.error->logSafeDetail);
    }
    return lines.join(QLatin1Char('\n'));
}

std::string receiptsAsJson(const std::vector<send::Receipt> &receipts) {
    QJsonArray array;
    for (const auto &receipt : receipts) {
        array.append(send::toJson(receipt));
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("receipts"), array}})
        .toJson(QJsonDocument::Indented)
        .toStdString();
}

} // namespace sealpost::ui
