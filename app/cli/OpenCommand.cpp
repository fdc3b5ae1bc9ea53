// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/GivenFile.h"
#include "cli/Text.h"
#include "mail/RawEntity.h"
#include "receive/KeepSigners.h"
#include "receive/MessageOpener.h"
#include "receive/SafeFiles.h"
#include "wording/OpenedText.h"

#include <QJsonArray>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr ByteCount kFileLimit = 200 * base::kMiB;
constexpr std::chrono::minutes kTime{2};

QString textOf(const std::string &value) {
    return QString::fromStdString(value);
}

QStringList mailboxTexts(const std::vector<mail::Mailbox> &mailboxes) {
    QStringList texts;
    for (const auto &mailbox : mailboxes) {
        texts.append(wording::mailboxText(mailbox));
    }
    return texts;
}

QString mathWord(crypto::SignatureMath math) {
    switch (math) {
    case crypto::SignatureMath::Good:
        return QStringLiteral("good");
    case crypto::SignatureMath::Changed:
        return QStringLiteral("changed");
    case crypto::SignatureMath::Unreadable:
        return QStringLiteral("unreadable");
    case crypto::SignatureMath::Weak:
        return QStringLiteral("weak");
    case crypto::SignatureMath::Bare:
        return QStringLiteral("bare");
    case crypto::SignatureMath::OtherCertificate:
        return QStringLiteral("other-certificate");
    }
    return QStringLiteral("unreadable");
}

QJsonObject toJson(const receive::Layer &layer) {
    if (layer.kind == receive::Layer::Kind::Encrypted) {
        return {{QStringLiteral("kind"), QStringLiteral("encrypted")},
                {QStringLiteral("cipher"), textOf(layer.cipher)},
                {QStringLiteral("authenticated"), layer.integrity == crypto::Integrity::Proven},
                {QStringLiteral("decrypted_by"), textOf(layer.decryptedBy)}};
    }
    QJsonArray signatures;
    for (const auto &signature : layer.signatures) {
        QJsonArray addresses;
        for (const auto &address : signature.signer.addresses) {
            addresses.append(textOf(address));
        }
        signatures.append(QJsonObject{
            {QStringLiteral("signature"), mathWord(signature.math)},
            {QStringLiteral("signer"), textOf(signature.signer.fingerprint)},
            {QStringLiteral("addresses"), addresses},
            {QStringLiteral("certificate"), toQString(toString(signature.signer.state))},
            {QStringLiteral("detail"), textOf(signature.signer.detail)},
            {QStringLiteral("digest"), textOf(signature.digest)},
            {QStringLiteral("signing_time"),
             signature.signingTime ? textOf(base::toIso8601(*signature.signingTime)) : QString()},
            {QStringLiteral("label"), textOf(signature.label)},
            {QStringLiteral("known"), signature.signerKnown}});
    }
    return {{QStringLiteral("kind"), QStringLiteral("signed")},
            {QStringLiteral("signatures"), signatures}};
}

QJsonObject headersJson(const receive::ShownHeaders &headers) {
    return {{QStringLiteral("from"), wording::mailboxText(headers.from)},
            {QStringLiteral("to"), QJsonArray::fromStringList(mailboxTexts(headers.to))},
            {QStringLiteral("cc"), QJsonArray::fromStringList(mailboxTexts(headers.cc))},
            {QStringLiteral("subject"), textOf(headers.subject)},
            {QStringLiteral("date"), textOf(headers.date)},
            {QStringLiteral("protected"), headers.isProtected}};
}

QJsonObject toJson(const receive::OpenedMessage &message, const QStringList &written,
                   const QStringList &kept) {
    QJsonArray layers;
    for (const auto &layer : message.layers) {
        layers.append(toJson(layer));
    }
    QJsonArray notes;
    for (const auto &note : message.notes) {
        notes.append(QJsonObject{{QStringLiteral("id"), textOf(note.id)},
                                 {QStringLiteral("text"), wording::text(note)}});
    }
    QJsonArray attachments;
    for (const auto &part : message.attachments) {
        attachments.append(
            QJsonObject{{QStringLiteral("name"), textOf(part.fileName)},
                        {QStringLiteral("media_type"), textOf(part.mediaType)},
                        {QStringLiteral("size"), static_cast<qint64>(part.content.size())}});
    }
    return {{QStringLiteral("sender"), toQString(toString(message.sender))},
            {QStringLiteral("encrypted"), message.encrypted},
            {QStringLiteral("shown"), message.shown()},
            {QStringLiteral("headers"), headersJson(message.headers)},
            {QStringLiteral("text"), textOf(message.text.value_or(std::string()))},
            {QStringLiteral("attachments"), attachments},
            {QStringLiteral("layers"), layers},
            {QStringLiteral("notes"), notes},
            {QStringLiteral("extracted"), QJsonArray::fromStringList(written)},
            {QStringLiteral("kept"), QJsonArray::fromStringList(kept)}};
}

//! Each line of what somebody else wrote behind a bar, so that none can pass for ours; control
//! characters, which could move the cursor, are made visible.
void printQuoted(Output &output, const std::string &body) {
    for (const auto &line : wording::visibleText(body).split(QLatin1Char('\n'))) {
        output.line(QStringLiteral("| ") + line);
    }
}

void print(Output &output, const receive::OpenedMessage &message) {
    output.line(wording::senderSentence(message));
    output.line(wording::privacySentence(message));
    for (const auto &note : message.notes) {
        output.line(QStringLiteral("- ") + wording::text(note));
    }
    output.line();
    output.table(
        {{QStringLiteral("From"), wording::mailboxText(message.headers.from)},
         {QStringLiteral("To"), mailboxTexts(message.headers.to).join(QLatin1String(", "))},
         {QStringLiteral("Cc"), mailboxTexts(message.headers.cc).join(QLatin1String(", "))},
         {QStringLiteral("Subject"), textOf(message.headers.subject)},
         {QStringLiteral("Date"), textOf(message.headers.date)}});
    if (!message.shown()) {
        return;
    }
    output.line();
    printQuoted(output, *message.text);
    for (const auto &part : message.attachments) {
        output.line(QStringLiteral("Attachment: %1 (%2, %3 bytes)")
                        .arg(textOf(part.fileName), textOf(part.mediaType))
                        .arg(part.content.size()));
    }
}

class OpenCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("open", "Verify and decrypt a received message");
        m_verb.option("file", m_file, "A message (.eml), or a .p7m or .p7s file")
            .required()
            .typeName("FILE");
        m_verb.option("--extract", m_folder, "Write text and attachments into this folder")
            .typeName("DIR");
        m_verb.flag("--keep-certificate", m_keep,
                    "Import the certificates that came with a good signature (nothing is "
                    "trusted)");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto path = toPath(m_file);
        const auto file = readGivenFile(path, kFileLimit);
        if (!file) {
            return output.fail(file.error());
        }
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto store = (*runtime)->certificates();
        if (!store) {
            return output.fail(store.error());
        }
        const receive::MessageOpener opener(crypto::newCmsReader(*store));
        const auto message = opener.open(*file, Deadline::after(kTime), context.stop);
        if (!message) {
            auto error = message.error();
            error.subject = m_file;
            return output.fail(error);
        }
        QStringList written;
        if (!m_folder.empty() && message->shown()) {
            auto extracted = receive::extractInto(toPath(m_folder), *message);
            if (!extracted) {
                return output.fail(extracted.error());
            }
            written = std::move(*extracted);
        }
        const auto kept = keep(**store, *message);
        if (!kept) {
            return output.fail(kept.error());
        }
        if (output.json()) {
            output.object(toJson(*message, written, *kept));
        } else {
            print(output, *message);
            for (const auto &name : written) {
                output.line(QStringLiteral("Written: %1").arg(name));
            }
            for (const auto &fingerprint : *kept) {
                output.line(QStringLiteral("Kept: %1").arg(fingerprint));
            }
        }
        return message->shown() && message->sender != receive::SenderVerdict::Unproven
                   ? ExitCode::Done
                   : ExitCode::Permanent;
    }

private:
    //! Fingerprints of what was kept, authorities left out; none where nobody asked.
    [[nodiscard]] Result<QStringList> keep(crypto::CertificateStore &store,
                                           const receive::OpenedMessage &message) const {
        QStringList kept;
        if (!m_keep || receive::signersCertificates(message).empty()) {
            return kept;
        }
        const auto summary = receive::keepSigners(store, message, Deadline::after(kTime));
        if (!summary) {
            return fail(summary.error());
        }
        for (const auto &certificate : summary->certificates) {
            if (!certificate.addresses.empty()) {
                kept.append(textOf(certificate.fingerprint));
            }
        }
        return kept;
    }

    std::string m_file;
    std::string m_folder;
    bool m_keep = false;
};

} // namespace

std::unique_ptr<Command> makeOpenCommand() {
    return std::make_unique<OpenCommand>();
}

} // namespace sealpost::cli
