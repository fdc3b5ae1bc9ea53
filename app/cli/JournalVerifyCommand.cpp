// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/JournalVerbs.h"
#include "cli/Text.h"
#include "runtime/JournalUpkeep.h"
#include "wording/ReceiptText.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <algorithm>
#include <chrono>
#include <fstream>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{2};
constexpr ByteCount kLargestReceipt = 4 * base::kMiB;

QString addressesOf(const crypto::CertificateInfo &signer) {
    QStringList addresses;
    for (const auto &address : signer.addresses) {
        addresses << toQString(address);
    }
    return addresses.join(QStringLiteral(", "));
}

QJsonValue signedAt(const crypto::SignatureFacts &facts) {
    return facts.signingTime
               ? QJsonValue(QString::fromStdString(base::toIso8601(*facts.signingTime)))
               : QJsonValue();
}

QJsonObject toJson(const runtime::JournalSignature &signature) {
    const auto &signer = signature.facts.signer;
    return {{QStringLiteral("line"), static_cast<qint64>(signature.line)},
            {QStringLiteral("lines"), static_cast<qint64>(signature.lines)},
            {QStringLiteral("time"), QString::fromStdString(base::toIso8601(signature.time))},
            {QStringLiteral("signer"), toQString(signer.fingerprint)},
            {QStringLiteral("address"), addressesOf(signer)},
            {QStringLiteral("certificate"), toQString(crypto::toString(signer.state))},
            {QStringLiteral("fault"), toQString(signature.fault)}};
}

class VerifyCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("verify",
                                "Check that no line was changed or removed, or check a receipt");
        m_verb.option("--receipt", m_receipt, "Check this receipt (JSON or PDF) instead")
            .typeName("FILE");
    }

    ExitCode run(Context &context) override {
        return m_receipt.empty() ? verifyJournal(context) : verifyReceipt(context);
    }

private:
    static ExitCode verifyJournal(Context &context) {
        auto &output = context.output;
        const auto runtime = context.runtime();
        const auto journal = runtime ? (*runtime)->journal() : fail(runtime.error());
        const auto verdict = journal ? (*journal)->verify() : fail(journal.error());
        if (!verdict) {
            return output.fail(verdict.error());
        }
        std::vector<runtime::JournalSignature> signatures;
        if (verdict->intact) {
            auto checked =
                runtime::checkJournalSignatures(**runtime, Deadline::after(kTime), context.stop);
            if (!checked) {
                return output.fail(checked.error());
            }
            signatures = std::move(*checked);
        }
        const bool allHold = std::all_of(signatures.begin(), signatures.end(),
                                         [](const auto &one) { return one.fault.empty(); });
        report(output, *verdict, signatures);
        return verdict->intact && allHold ? ExitCode::Done : ExitCode::Permanent;
    }

    static void report(Output &output, const store::JournalVerdict &verdict,
                       const std::vector<runtime::JournalSignature> &signatures) {
        QJsonArray array;
        for (const auto &one : signatures) {
            array.append(toJson(one));
        }
        if (output.json()) {
            output.object({{QStringLiteral("intact"), verdict.intact},
                           {QStringLiteral("lines"), static_cast<qint64>(verdict.lines)},
                           {QStringLiteral("first_bad"), static_cast<qint64>(verdict.firstBad)},
                           {QStringLiteral("what"), QString::fromStdString(verdict.what)},
                           {QStringLiteral("signatures"), array}});
        }
        if (!verdict.intact) {
            output.notice(QStringLiteral("The journal is not intact: line %1 is %2.")
                              .arg(verdict.firstBad)
                              .arg(QString::fromStdString(verdict.what)));
            output.notice(QStringLiteral("Keep the profile as it is and tell your administrator."));
            return;
        }
        output.line(QStringLiteral("The journal is intact. Lines: %1.").arg(verdict.lines));
        for (const auto &one : signatures) {
            const auto who = addressesOf(one.facts.signer);
            if (one.fault.empty()) {
                output.line(QStringLiteral("Lines 1 to %1 were signed by %2 (%3).")
                                .arg(one.lines)
                                .arg(who, wording::timeText(one.time)));
            } else {
                output.notice(QStringLiteral("The signature in line %1 does not hold: %2.")
                                  .arg(one.line)
                                  .arg(wording::signatureFault(one.fault)));
            }
        }
    }

    ExitCode verifyReceipt(Context &context) const {
        auto &output = context.output;
        std::ifstream stream(toPath(m_receipt), std::ios::binary);
        const auto bytes = stream ? readAll(stream, kLargestReceipt) : std::nullopt;
        if (!bytes) {
            return output.fail(
                Error{"input.unreadable", "journal.verify", Reaction::FixInput, {}, m_receipt});
        }
        const auto runtime = context.runtime();
        const auto checked =
            runtime ? runtime::checkReceipt(**runtime, *bytes, Deadline::after(kTime), context.stop)
                    : fail(runtime.error());
        if (!checked) {
            return output.fail(checked.error());
        }
        showReceipt(output, *checked);
        return checked->fault.empty() ? ExitCode::Done : ExitCode::Permanent;
    }

    static void showReceipt(Output &output, const runtime::CheckedReceipt &checked) {
        const crypto::SignatureFacts none;
        const auto &facts = checked.signature ? *checked.signature : none;
        if (output.json()) {
            output.object(
                {{QStringLiteral("authentic"), checked.fault.empty()},
                 {QStringLiteral("fault"), toQString(checked.fault)},
                 {QStringLiteral("signer"), toQString(facts.signer.fingerprint)},
                 {QStringLiteral("address"), addressesOf(facts.signer)},
                 {QStringLiteral("certificate"), toQString(crypto::toString(facts.signer.state))},
                 {QStringLiteral("signed_at"), signedAt(facts)},
                 {QStringLiteral("receipt"), checked.receipt}});
        }
        if (!checked.fault.empty()) {
            output.notice(wording::receiptFault(checked.fault));
            output.notice(QStringLiteral("Don't rely on what it says."));
            return;
        }
        output.line(QStringLiteral("The receipt is genuine. Signed by %1 (%2).")
                        .arg(addressesOf(facts.signer), toQString(facts.signer.subject)));
        std::vector<QStringList> rows;
        for (const auto &row : checked.page) {
            rows.push_back({toQString(row.label), toQString(row.value)});
        }
        output.table(rows);
    }

    std::string m_receipt;
};

} // namespace

std::unique_ptr<Command> makeJournalVerifyCommand() {
    return std::make_unique<VerifyCommand>();
}

} // namespace sealpost::cli
