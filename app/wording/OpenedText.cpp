// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/OpenedText.h"

#include "wording/Translate.h"
#include "wording/Wording.h"

#include <QDateTime>
#include <algorithm>
#include <array>

namespace sealpost::wording {

using receive::SenderVerdict;

namespace {

struct Sentence {
    std::string_view id;
    const char *text;
};

// %1 and %2 are the facts that factsOf() names.
constexpr std::array kSentences = {
    Sentence{"open.unsigned", "Nobody has signed this message: anybody can have written it."},
    Sentence{"open.signature-changed",
             "The signature does not fit: the message was changed after it was signed. It is not "
             "shown. Ask the sender for it again."},
    Sentence{"open.signature-weak",
             "The signature uses a method that can be forged today. The message is not shown. Ask "
             "the sender to sign with SHA-256."},
    Sentence{"open.signature-bare",
             "The signature leaves open what it signs. The message is not shown. Ask the sender "
             "for it again, signed by another program."},
    Sentence{"open.signature-unreadable",
             "The signature can't be checked: the signer's certificate is missing, or its method "
             "is not known here. The message is not shown. Ask the sender for their certificate."},
    Sentence{"open.signature-other-certificate",
             "The signature names another certificate than the one that it was made with. The "
             "message is not shown."},
    Sentence{"open.signer-state",
             "The signer's certificate can't be relied on (%1, %2). A check of the certificate "
             "(\"certs doctor\") says what mends it."},
    Sentence{"open.signer-not-sender",
             "The message says that it is from %1, but %2 signed it. Treat it as from a stranger."},
    Sentence{"open.no-sender",
             "The message does not say whom it is from, so its signature proves nothing of it."},
    Sentence{"open.several-senders",
             "The message names more than one sender; none of them is shown as its author."},
    Sentence{"open.signed-outside",
             "Only the wrapping was signed, not the text inside: whoever signed need not have "
             "written it."},
    Sentence{"open.structure",
             "The message is not put together as a signed or encrypted one must be. It is not "
             "shown. Ask the sender for it again."},
    Sentence{
        "open.partly-protected",
        "Something inside the message is signed or encrypted by itself. It was not opened, and "
        "says nothing of the rest."},
    Sentence{"open.unauthenticated",
             "The message is encrypted in a way that lets others change it, and not signed. It is "
             "not shown. Ask the sender to sign it, or to encrypt with AES-GCM."},
    Sentence{"open.not-for-you",
             "The message is encrypted, but not to any key that is here. Import the key that it "
             "was encrypted to, or ask the sender to use your current certificate."},
    Sentence{"open.decrypt-failed",
             "The message could not be decrypted: it is damaged, or somebody changed it. Ask the "
             "sender for it again."},
    Sentence{"open.weak-tag",
             "The message's check value is too short to prove anything. It is not shown."},
    Sentence{
        "open.headers-unprotected",
        "Sender, recipients, subject and date stand outside the protection: anybody on the way "
        "can have changed them."},
    Sentence{"open.outer-differs",
             "The field \"%1\" was changed on the way. What is shown is what the sender wrote."},
    Sentence{"open.html-only",
             "The message has no plain text. It is shown without its layout, and nothing in it was "
             "fetched."},
    Sentence{"open.too-deep",
             "The message is wrapped more often than makes sense. It is not shown."},
    Sentence{
        "open.too-large",
        "What is inside the message is much larger than the message: it is made to do harm. It "
        "is not shown."},
    Sentence{"open.signature-alone",
             "This is a signature without the message that it belongs to. Open the message."},
    Sentence{"open.kind-unknown",
             "The message is protected in a way that is not known here. It is not shown."},
    Sentence{
        "open.damaged",
        "What protects the message is damaged, or its end is missing. It is not shown. Ask the "
        "sender for it again."},
    Sentence{"open.name-looks-like-address",
             "The sender's name (%1) is written like an address, but the message is from %2."},
    Sentence{"open.key-trouble", "The message could not be opened with your key (%1)."},
};

QString fact(const receive::Note &note, const char *name) {
    const auto at = note.facts.find(name);
    return at == note.facts.end() ? QString() : QString::fromStdString(at->second);
}

std::array<const char *, 2> factsOf(std::string_view id) {
    if (id == "open.signer-state") {
        return {"state", "detail"};
    }
    if (id == "open.signer-not-sender") {
        return {"from", "signer"};
    }
    if (id == "open.outer-differs") {
        return {"field", ""};
    }
    if (id == "open.name-looks-like-address") {
        return {"name", "address"};
    }
    return {"detail", ""};
}

} // namespace

QString text(const receive::Note &note) {
    const auto at = std::find_if(kSentences.begin(), kSentences.end(),
                                 [&](const Sentence &one) { return one.id == note.id; });
    if (at == kSentences.end()) {
        return {};
    }
    auto sentence = tr(at->text);
    const auto names = factsOf(note.id);
    // All at once, because a fact may have a "%2" of its own.
    if (sentence.contains(QLatin1String("%2"))) {
        return sentence.arg(fact(note, names[0]), fact(note, names[1]));
    }
    return sentence.contains(QLatin1String("%1")) ? sentence.arg(fact(note, names[0])) : sentence;
}

QString senderSentence(const receive::OpenedMessage &message) {
    const auto from = QString::fromStdString(message.headers.from.address);
    switch (message.sender) {
    case SenderVerdict::Verified:
        return tr("Signed by %1; nobody has changed it since.").arg(from);
    case SenderVerdict::Unsigned:
        return tr("Not signed: who wrote it is not proven.");
    case SenderVerdict::Unproven:
        return tr("Signed, but who wrote it is not proven.");
    case SenderVerdict::Forged:
        return tr("Not to be trusted: its signature does not hold.");
    }
    return {};
}

QString privacySentence(const receive::OpenedMessage &message) {
    if (message.encrypted) {
        return tr("It was encrypted.");
    }
    const bool unknown = std::ranges::any_of(message.notes, [](const auto &note) {
        return note.id == "open.damaged" || note.id == "open.kind-unknown";
    });
    return unknown ? tr("Whether it was encrypted can't be told.") : tr("It was not encrypted.");
}

QString visibleText(std::string_view utf8) {
    auto text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    for (auto &c : text) {
        const bool harmless = c == QLatin1Char('\n') || c == QLatin1Char('\t');
        if (!harmless &&
            (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
             c == QChar::LineSeparator || c == QChar::ParagraphSeparator)) {
            c = QChar::ReplacementCharacter;
        }
    }
    return text;
}

QString mailboxText(const mail::Mailbox &mailbox) {
    const auto address = visibleText(mailbox.address);
    return mailbox.name.empty() ? address
                                : QStringLiteral("%1 <%2>").arg(visibleText(mailbox.name), address);
}

QString dateText(const std::string &date) {
    const auto read =
        QDateTime::fromString(QString::fromStdString(date).trimmed(), Qt::RFC2822Date);
    return read.isValid() ? timeText(Time(std::chrono::seconds(read.toSecsSinceEpoch())))
                          : visibleText(date);
}

QString quotationLine(const receive::ShownHeaders &headers) {
    const auto &from = headers.from;
    const auto who = from.name.empty() ? mailboxText(from) : visibleText(from.name);
    return headers.date.empty() ? tr("%1 wrote:").arg(who)
                                : tr("On %1, %2 wrote:").arg(dateText(headers.date), who);
}

} // namespace sealpost::wording
