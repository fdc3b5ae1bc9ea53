// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/ReceiptFile.h"

#include "base/Base64.h"
#include "base/Text.h"
#include "runtime/JournalSigner.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kStage = "receipt";
constexpr std::string_view kFileName = "receipt.json";
const QString kFormat = QStringLiteral("sealpost-receipt-1");

QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string string(const QJsonObject &object, const char *key) {
    return object.value(QLatin1String(key)).toString().toStdString();
}

QJsonObject objectIn(const std::string &bytes) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(bytes)).object();
}

//! What is signed: a text in itself, so that whoever checks it needs no rule on how JSON is to be
//! written.
std::string signedText(const ReceiptStatement &statement) {
    QJsonArray page;
    for (const auto &row : statement.page) {
        page.append(QJsonArray{toQString(row.label), toQString(row.value)});
    }
    QJsonObject object{{QStringLiteral("title"), toQString(statement.title)},
                       {QStringLiteral("note"), toQString(statement.note)},
                       {QStringLiteral("page"), page},
                       {QStringLiteral("issued"), toQString(base::toIso8601(statement.issued))},
                       {QStringLiteral("receipt"), statement.receipt},
                       {QStringLiteral("journal"), QJsonValue()}};
    if (statement.line) {
        object[QStringLiteral("journal")] =
            QJsonObject{{QStringLiteral("line"), static_cast<qint64>(statement.line->sequence)},
                        {QStringLiteral("chain"), toQString(statement.line->chain)}};
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

//! The page of a statement, with the receipt's file in it.
std::string pdfOf(const QJsonObject &statement, const std::string &file) {
    base::PdfText document;
    document.title = string(statement, "title");
    document.note = string(statement, "note");
    for (const auto &row : statement.value(QLatin1String("page")).toArray()) {
        document.rows.push_back({row.toArray().at(0).toString().toStdString(),
                                 row.toArray().at(1).toString().toStdString()});
    }
    document.fileName = kFileName;
    document.file = file;
    return base::toPdf(document);
}

bool isSendersOwn(const crypto::CertificateInfo &signer, const QJsonObject &receipt) {
    const auto sender = string(receipt, "envelope_from");
    return std::any_of(signer.addresses.begin(), signer.addresses.end(), [&](const auto &address) {
        return base::equalsIgnoringCase(address, sender);
    });
}

std::string faultOf(const crypto::SignatureFacts &signature, const QJsonObject &receipt) {
    if (signature.math != crypto::SignatureMath::Good) {
        return "signature";
    }
    if (!vouchesFor(signature)) {
        return "signer";
    }
    return isSendersOwn(signature.signer, receipt) ? "" : "address";
}

} // namespace

Result<std::string> writeReceipt(const ReceiptStatement &statement, ReceiptForm form,
                                 crypto::MessageSealer &sealer, const std::string &fingerprint,
                                 Deadline deadline) {
    const auto text = signedText(statement);
    std::string signature;
    if (!fingerprint.empty()) {
        const auto made = sealer.signDetached(crypto::contentOf(text), {fingerprint}, deadline);
        if (!made) {
            return fail(made.error());
        }
        signature = base::toBase64(*made);
    }
    const QJsonObject object{{QStringLiteral("format"), kFormat},
                             {QStringLiteral("statement"), toQString(text)},
                             {QStringLiteral("signature"), toQString(signature)}};
    auto file = QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
    return form == ReceiptForm::Json ? std::move(file) : pdfOf(objectIn(text), file);
}

Result<CheckedReceipt> checkReceipt(std::string_view file, crypto::CmsReader &reader,
                                    Deadline deadline, const std::stop_token &stop) {
    const bool isPdf = file.starts_with("%PDF-");
    const auto json = isPdf ? base::fileInPdf(file) : std::optional(std::string(file));
    const auto object = json ? objectIn(*json) : QJsonObject();
    if (object.value(QLatin1String("format")).toString() != kFormat) {
        return fail("receipt.unreadable", kStage, Reaction::FixInput);
    }
    const auto text = string(object, "statement");
    const auto statement = objectIn(text);
    CheckedReceipt checked;
    checked.receipt = statement.value(QLatin1String("receipt")).toObject();
    checked.title = string(statement, "title");
    for (const auto &row : statement.value(QLatin1String("page")).toArray()) {
        checked.page.push_back({row.toArray().at(0).toString().toStdString(),
                                row.toArray().at(1).toString().toStdString()});
    }
    const auto encoded = string(object, "signature");
    if (encoded.empty()) {
        checked.fault = "unsigned";
        return checked;
    }
    const auto cms = base::fromBase64(encoded);
    auto verified =
        cms ? reader.verify(*cms, text, deadline, stop)
            : Result<crypto::SignedContent>(fail("receipt.unreadable", kStage, Reaction::FixInput));
    if (!verified || verified->signatures.size() != 1) {
        checked.fault = "signature";
        return checked;
    }
    checked.signature = std::move(verified->signatures.front());
    checked.fault = faultOf(*checked.signature, checked.receipt);
    if (checked.fault.empty() && isPdf && pdfOf(statement, *json) != file) {
        checked.fault = "page";
    }
    return checked;
}

} // namespace sealpost::runtime
