// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/ReceiptText.h"

#include "base/Clock.h"
#include "base/RouteKind.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <QStringList>

namespace sealpost::wording {

namespace {

QString deliveryText(const QString &word) {
    if (word == QLatin1String("accepted")) {
        return tr("accepted by the server");
    }
    if (word == QLatin1String("refused")) {
        return tr("refused by the server");
    }
    if (word == QLatin1String("deferred")) {
        return tr("turned away for now");
    }
    if (word == QLatin1String("uncertain")) {
        return tr("not known: the line broke before the server's answer");
    }
    return tr("not sent");
}

QString routeText(const QString &word) {
    const auto route = base::routeKindFrom(word.toStdString());
    return route ? routeSentence(*route) : word;
}

QString listOf(const QJsonValue &array) {
    QStringList parts;
    for (const auto &one : array.toArray()) {
        parts << one.toString();
    }
    return parts.join(QStringLiteral(", "));
}

QString certificateText(const QJsonObject &certificate) {
    return certificate.isEmpty() ? QString()
                                 : tr("%1, issued by %2, SHA-256 %3")
                                       .arg(certificate.value(QLatin1String("subject")).toString(),
                                            certificate.value(QLatin1String("issuer")).toString(),
                                            certificate.value(QLatin1String("sha256")).toString());
}

} // namespace

QString receiptTitle() {
    return tr("Receipt of a message sent with Sealpost");
}

QString receiptNote() {
    return tr("The file inside this document has the same facts and the sender's signature over "
              "them. To check it: sealpost-cli journal verify --receipt FILE. It says what the "
              "sender's own mail server answered; whether anybody read the message it can't say.");
}

std::vector<std::pair<QString, QString>> receiptRows(const QJsonObject &receipt) {
    std::vector<std::pair<QString, QString>> rows;
    const auto row = [&rows](const QString &label, const QString &value) {
        if (!value.isEmpty()) {
            rows.emplace_back(label, value);
        }
    };
    const auto text = [&receipt](const char *key) {
        return receipt.value(QLatin1String(key)).toString();
    };
    const auto smime = receipt.value(QLatin1String("smime")).toObject();
    row(tr("Outcome"), deliveryText(text("delivery")));
    row(tr("Time"), timeText(base::fromIso8601(text("time").toStdString())));
    row(tr("Sender"), text("envelope_from"));
    for (const auto &one : receipt.value(QLatin1String("recipients")).toArray()) {
        const auto recipient = one.toObject();
        const auto reply = recipient.value(QLatin1String("reply")).toString();
        row(tr("Recipient"),
            QStringLiteral("%1: %2%3")
                .arg(recipient.value(QLatin1String("address")).toString(),
                     deliveryText(recipient.value(QLatin1String("delivery")).toString()),
                     reply.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(reply)));
    }
    row(tr("Message-ID"), text("message_id"));
    row(tr("Protection"), routeText(text("route")));
    row(tr("Signed by"), smime.value(QLatin1String("signed_by")).toString());
    row(tr("Encrypted to"), listOf(smime.value(QLatin1String("encrypted_to"))));
    row(tr("Cipher"), smime.value(QLatin1String("cipher")).toString());
    if (const auto unknown = listOf(smime.value(QLatin1String("revocation_unknown")));
        !unknown.isEmpty()) {
        const bool justified = smime.value(QLatin1String("revocation_let_by")).toString() ==
                               QLatin1String("justification");
        row(tr("Revocation not known of"), justified
                                               ? tr("%1 (sent on your justification)").arg(unknown)
                                               : tr("%1 (sent as policy allows)").arg(unknown));
    }
    row(tr("Mail server"), text("server"));
    row(tr("Connection"),
        QStringList({text("tls_version"), text("cipher")}).join(QLatin1Char(' ')));
    row(tr("Its certificate"),
        certificateText(receipt.value(QLatin1String("server_certificate")).toObject()));
    row(tr("Its answer"), text("reply"));
    row(tr("Its number"), text("queue_id"));
    row(tr("Plan"), text("plan_digest"));
    return rows;
}

QString receiptFault(const std::string &fault) {
    if (fault.empty()) {
        return {};
    }
    if (fault == "unsigned") {
        return tr("This receipt is not signed, so it proves nothing.");
    }
    if (fault == "page") {
        return tr("The document shows something else than what was signed.");
    }
    if (fault == "signer") {
        return tr("The certificate that it was signed with is not one to rely on.");
    }
    if (fault == "address") {
        return tr("It was signed by somebody else than the sender.");
    }
    return tr("The signature does not fit: the receipt was changed, or never signed.");
}

QString signatureFault(const std::string &fault) {
    if (fault.empty()) {
        return {};
    }
    if (fault == "other-journal") {
        return tr("it was made over another journal");
    }
    if (fault == "signer") {
        return tr("its certificate is not one to rely on");
    }
    if (fault == "unreadable") {
        return tr("it can't be read");
    }
    return tr("it does not fit");
}

} // namespace sealpost::wording
