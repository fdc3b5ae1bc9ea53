// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/OutboxText.h"

#include "wording/ReceiptText.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace sealpost::wording {

namespace {

QJsonObject receiptOf(const store::OutboxEntry &entry) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(entry.receiptJson)).object();
}

//! What the last try failed by, in words; empty where it did not. The details stand in the receipt,
//! unless something else has held it back since.
QString lastProblem(const store::OutboxEntry &entry) {
    if (entry.lastError.empty()) {
        return {};
    }
    Error error{entry.lastError, "outbox", Reaction::Retry, {}, {}};
    const auto receipt = receiptOf(entry);
    const auto known = receipt.value(QLatin1String("error")).toObject();
    if (known.value(QLatin1String("code")).toString() == toQString(entry.lastError)) {
        error.logSafeDetail = known.value(QLatin1String("detail")).toString().toStdString();
        error.subject = receipt.value(QLatin1String("server")).toString().toStdString();
    }
    return text(error).what;
}

QString uncertainText(const store::OutboxEntry &entry) {
    const auto server = receiptOf(entry).value(QLatin1String("server")).toString();
    const auto when = timeText(entry.changed);
    return server.isEmpty()
               ? tr("Sealpost ended (%1) after the whole message had been handed over, before the "
                    "server’s answer came. It may have been delivered.")
                     .arg(when)
               : tr("The connection to %1 broke (%2) after the whole message had been handed over, "
                    "before the server’s answer came. It may have been delivered.")
                     .arg(server, when);
}

} // namespace

QStringList outboxSentences(const store::OutboxEntry &entry) {
    using store::OutboxState;
    switch (entry.state) {
    case OutboxState::Writing:
    case OutboxState::Submitting:
    case OutboxState::Committing:
        return {tr("This message is being sent.")};
    case OutboxState::Queued:
        return {tr("This message waits to be sent.")};
    case OutboxState::Accepted:
        return {tr("The mail server took this message.")};
    case OutboxState::Failed:
        return {tr("This message was not sent, and is not tried any more."), lastProblem(entry)};
    case OutboxState::Uncertain:
        return {uncertainText(entry),
                tr("Sealpost does not send it again by itself, or somebody could get it twice. Ask "
                   "the recipient whether it came, then say so here.")};
    case OutboxState::Deferred:
        break;
    }
    return {tr("The server did not take this message for now."), lastProblem(entry),
            entry.nextTry == Time{}
                ? tr("It is not tried again by itself.")
                : tr("It is tried again by itself, from %1 on.").arg(timeText(entry.nextTry))};
}

QStringList outboxEvidence(const store::OutboxEntry &entry) {
    QStringList lines;
    lines << tr("Message-ID: %1").arg(toQString(entry.messageId))
          << tr("Tries: %1").arg(entry.attempts);
    // A program that was ended in the middle has left none: nothing is to be made up.
    const auto receipt = receiptOf(entry);
    for (const auto &[label, value] :
         receipt.isEmpty() ? decltype(receiptRows(receipt))() : receiptRows(receipt)) {
        lines << QStringLiteral("%1: %2").arg(label, value);
    }
    lines.removeDuplicates();
    return lines;
}

} // namespace sealpost::wording
