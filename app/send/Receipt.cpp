// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Receipt.h"

#include <QJsonArray>
#include <QString>

namespace sealpost::send {

namespace {

QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QJsonArray toArray(const std::vector<std::string> &texts) {
    QJsonArray array;
    for (const auto &text : texts) {
        array.append(toQString(text));
    }
    return array;
}

QJsonObject certificateJson(const crypto::TlsPeerInfo &peer) {
    QJsonArray problems;
    for (const auto problem : peer.problems) {
        problems.append(toQString(crypto::toString(problem)));
    }
    return {{QStringLiteral("subject"), toQString(peer.subject)},
            {QStringLiteral("issuer"), toQString(peer.issuer)},
            {QStringLiteral("sha256"), toQString(peer.sha256)},
            {QStringLiteral("not_after"), toQString(base::toIso8601(peer.notAfter))},
            {QStringLiteral("key"), toQString(peer.keyType + " " + std::to_string(peer.keyBits))},
            {QStringLiteral("signature"), toQString(peer.signature)},
            {QStringLiteral("problems"), problems}};
}

QJsonArray recipientsJson(const std::vector<submit::RecipientResult> &recipients) {
    QJsonArray array;
    for (const auto &one : recipients) {
        array.append(
            QJsonObject{{QStringLiteral("address"), toQString(one.addressSpec)},
                        {QStringLiteral("delivery"), toQString(submit::toString(one.delivery))},
                        {QStringLiteral("reply"), toQString(one.reply)}});
    }
    return array;
}

QString letByWord(SmimeFacts::Let let) {
    switch (let) {
    case SmimeFacts::Let::Nothing:
        break;
    case SmimeFacts::Let::Policy:
        return QStringLiteral("policy");
    case SmimeFacts::Let::Justification:
        return QStringLiteral("justification");
    }
    return QStringLiteral("");
}

} // namespace

QJsonObject toJson(const Receipt &receipt) {
    const auto &outcome = receipt.outcome;
    QJsonObject object{
        {QStringLiteral("message_id"), toQString(receipt.messageId)},
        {QStringLiteral("outbox_id"), static_cast<qint64>(receipt.outboxId)},
        {QStringLiteral("route"), toQString(base::toString(receipt.route))},
        {QStringLiteral("account"), toQString(receipt.account)},
        {QStringLiteral("envelope_from"), toQString(receipt.envelopeFrom)},
        {QStringLiteral("plan_digest"), toQString(receipt.planDigest)},
        {QStringLiteral("delivery"), toQString(submit::toString(outcome.delivery))},
        {QStringLiteral("recipients"), recipientsJson(outcome.recipients)},
        {QStringLiteral("server"), toQString(outcome.server)},
        {QStringLiteral("sign_in"), toQString(outcome.mechanism)},
        {QStringLiteral("tls_version"), toQString(outcome.tls ? outcome.tls->version : "")},
        {QStringLiteral("cipher"), toQString(outcome.tls ? outcome.tls->cipher : "")},
        {QStringLiteral("server_certificate"),
         outcome.tls ? QJsonValue(certificateJson(*outcome.tls)) : QJsonValue()},
        {QStringLiteral("reply"), toQString(outcome.reply)},
        {QStringLiteral("queue_id"), toQString(outcome.queueId)},
        {QStringLiteral("time"), toQString(base::toIso8601(receipt.time))},
        {QStringLiteral("waits"), receipt.waits},
        {QStringLiteral("smime"),
         QJsonObject{
             {QStringLiteral("signed_by"), toQString(receipt.smime.signedBy)},
             {QStringLiteral("encrypted_to"), toArray(receipt.smime.encryptedTo)},
             {QStringLiteral("cipher"), toQString(receipt.smime.cipher)},
             {QStringLiteral("digest"), toQString(receipt.smime.digest)},
             {QStringLiteral("revocation_unknown"), toArray(receipt.smime.revocationUnknown)},
             {QStringLiteral("revocation_let_by"), letByWord(receipt.smime.letBy)}}}};
    if (outcome.error) {
        object[QStringLiteral("error")] =
            QJsonObject{{QStringLiteral("code"), toQString(outcome.error->code)},
                        {QStringLiteral("stage"), toQString(outcome.error->stage)},
                        {QStringLiteral("detail"), toQString(outcome.error->logSafeDetail)}};
    }
    if (receipt.notRecorded) {
        object[QStringLiteral("not_recorded")] = toQString(receipt.notRecorded->code);
    }
    return object;
}

} // namespace sealpost::send
