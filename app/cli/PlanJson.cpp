// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/PlanJson.h"

#include "cli/Text.h"
#include "wording/Wording.h"

#include <QJsonArray>

namespace sealpost::cli {

namespace {

QJsonObject reasonObject(const routing::Reason &reason, const QString &recipient) {
    const auto &spec = routing::specOf(reason.id);
    return {{QStringLiteral("id"), toQString(spec.name)},
            {QStringLiteral("text"), wording::text(reason)},
            {QStringLiteral("clause"), toQString(spec.clause)},
            {QStringLiteral("recipient"), recipient}};
}

QJsonArray reasonArray(const std::vector<routing::Reason> &reasons, const QString &recipient) {
    QJsonArray array;
    for (const auto &reason : reasons) {
        array.append(reasonObject(reason, recipient));
    }
    return array;
}

QString specOf(const mail::Address &address) {
    return QString::fromStdString(address.spec());
}

QJsonObject transmissionObject(const send::Transmission &transmission) {
    QJsonArray recipients;
    QJsonArray reasons;
    QJsonArray fields;
    for (const auto &field : transmission.extraHeaders) {
        fields.append(QString::fromStdString(field));
    }
    for (const auto &recipient : transmission.recipients) {
        recipients.append(QString::fromStdString(recipient.deliverTo));
        for (const auto &reason : recipient.reasons) {
            reasons.append(reasonObject(reason, specOf(recipient.address)));
        }
    }
    return {{QStringLiteral("route"), toQString(toString(transmission.route))},
            {QStringLiteral("recipients"), recipients},
            {QStringLiteral("envelope_from"), QString::fromStdString(transmission.envelopeFrom)},
            {QStringLiteral("subject_outer"), QString::fromStdString(transmission.subjectOuter)},
            {QStringLiteral("header_fields"), fields},
            {QStringLiteral("signed_by"), QString::fromStdString(transmission.signerFingerprint)},
            {QStringLiteral("reasons"), reasons}};
}

QJsonObject blockedObject(const routing::RecipientDecision &decision) {
    QJsonArray steps;
    for (const auto step : decision.nextSteps) {
        steps.append(wording::text(step));
    }
    return {{QStringLiteral("recipient"), specOf(decision.address)},
            {QStringLiteral("reasons"), reasonArray(decision.reasons, specOf(decision.address))},
            {QStringLiteral("next_steps"), steps}};
}

QString kindWord(routing::OwedKind kind) {
    switch (kind) {
    case routing::OwedKind::Confirmation:
        return QStringLiteral("confirmation");
    case routing::OwedKind::Justification:
        return QStringLiteral("justification");
    }
    return QStringLiteral("confirmation");
}

} // namespace

QJsonObject toJson(const scan::Finding &finding, const QString &path) {
    const auto &location = finding.location;
    QJsonArray because;
    for (const auto &reason : finding.because) {
        because.append(QString::fromStdString(reason));
    }
    return {{QStringLiteral("path"), path},
            {QStringLiteral("location"),
             QJsonObject{{QStringLiteral("part"), QString::fromStdString(location.part)},
                         {QStringLiteral("line"), static_cast<qint64>(location.line)},
                         {QStringLiteral("column"), static_cast<qint64>(location.column)}}},
            {QStringLiteral("kind"), QString::fromStdString(finding.kind)},
            {QStringLiteral("category"), toQString(toString(finding.category))},
            {QStringLiteral("confidence"), toQString(toString(finding.confidence))},
            {QStringLiteral("minimum_classification"),
             toQString(toString(finding.minimumClassification))},
            {QStringLiteral("excerpt"), QString::fromStdString(finding.excerpt)},
            {QStringLiteral("because"), because},
            {QStringLiteral("next_step"), wording::nextStep(finding)}};
}

QJsonObject toJson(const scan::Skipped &skipped) {
    QJsonObject object{{QStringLiteral("path"), QString::fromStdString(skipped.path)},
                       {QStringLiteral("why"), QString::fromStdString(skipped.why)}};
    if (!skipped.detail.empty()) {
        object[QStringLiteral("detail")] = QString::fromStdString(skipped.detail);
    }
    return object;
}

QJsonObject toJson(const send::SendPlan &plan) {
    QJsonArray transmissions;
    for (const auto &transmission : plan.transmissions) {
        if (transmission.route != RouteKind::Blocked) {
            transmissions.append(transmissionObject(transmission));
        }
    }
    QJsonArray blocked;
    for (const auto &recipient : plan.decision.recipients) {
        if (recipient.route == RouteKind::Blocked) {
            blocked.append(blockedObject(recipient));
        }
    }
    QJsonArray confirmations;
    for (const auto &owed : plan.owed) {
        confirmations.append(QJsonObject{{QStringLiteral("id"), QString::fromStdString(owed.id)},
                                         {QStringLiteral("kind"), kindWord(owed.kind)},
                                         {QStringLiteral("text"), wording::text(owed)}});
    }
    QJsonArray findings;
    for (const auto &finding : plan.findings) {
        auto object = toJson(finding, QString::fromStdString(finding.location.source));
        object[QStringLiteral("dismissible")] = finding.dismissible;
        if (!scan::stands(finding)) {
            object[QStringLiteral("dismissed")] = QString::fromStdString(finding.dismissedBecause);
        }
        findings.append(object);
    }
    QJsonArray skipped;
    for (const auto &item : plan.skipped) {
        skipped.append(toJson(item));
    }
    return {
        {QStringLiteral("marking"), QString::fromStdString(mail::toText(plan.marking))},
        {QStringLiteral("transmissions"), transmissions},
        {QStringLiteral("confirmations"), confirmations},
        {QStringLiteral("blocked"), blocked},
        {QStringLiteral("findings"), findings},
        {QStringLiteral("skipped"), skipped},
        {QStringLiteral("digest"), QString::fromStdString(plan.digest)},
        {QStringLiteral("expires_at"), QString::fromStdString(base::toIso8601(plan.expiresAt))}};
}

} // namespace sealpost::cli
