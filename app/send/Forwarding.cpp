// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Forwarding.h"

#include "base/Text.h"
#include "mail/MimeBuilder.h"
#include "mail/RawEntity.h"
#include "mail/Utf8.h"
#include "receive/SafeFiles.h"

#include <QDateTime>
#include <algorithm>

namespace sealpost::send {

namespace {

using receive::OpenedMessage;

constexpr std::string_view kCjsmDomain = "cjsm.net";
constexpr std::string_view kNobody = "unknown@unknown.invalid";
constexpr qsizetype kLongestName = 80;

std::string displayed(const mail::Mailbox &mailbox) {
    if (mailbox.name.empty()) {
        return mailbox.address;
    }
    return mailbox.name + " <" + mailbox.address + ">";
}

std::string displayed(const std::vector<mail::Mailbox> &mailboxes) {
    std::vector<std::string> texts;
    std::transform(mailboxes.begin(), mailboxes.end(), std::back_inserter(texts),
                   [](const mail::Mailbox &one) { return displayed(one); });
    return base::join(texts, ", ");
}

//! A name that an attachment may have, and a file on any system.
std::string fileNameFrom(std::string_view text, const std::string &otherwise) {
    return receive::harmlessName(mail::printable(text, kLongestName),
                                 QString::fromStdString(otherwise))
        .toStdString();
}

mail::Attachment inMemory(std::string name, std::string bytes) {
    return {name, std::move(name), std::make_shared<const std::string>(std::move(bytes))};
}

//! The parts that a person would see as attachments.
std::vector<mail::Attachment> attachmentsOf(const OpenedMessage &message) {
    std::vector<mail::Attachment> attachments;
    for (const auto &part : message.attachments) {
        // The same text once more, with markup.
        if (part.fileName.empty() && part.mediaType.starts_with("text/")) {
            continue;
        }
        const auto number = std::to_string(attachments.size() + 1);
        const auto unnamed = part.mediaType == "message/rfc822" ? "message-" + number + ".eml"
                                                                : "attachment-" + number;
        attachments.push_back(inMemory(fileNameFrom(part.fileName, unnamed), part.content));
    }
    return attachments;
}

std::string inlineText(const OpenedMessage &message) {
    const auto &headers = message.headers;
    std::string text = "---------- Forwarded message ----------\n";
    const auto field = [&](const char *name, const std::string &value) {
        if (!value.empty()) {
            text += std::string(name) + ": " + mail::printable(value, 1000) + "\n";
        }
    };
    field("From", displayed(headers.from));
    field("Date", headers.date);
    field("Subject", headers.subject);
    field("To", displayed(headers.to));
    field("Cc", displayed(headers.cc));
    return text + "\n" + *message.text;
}

mail::Address addressOf(const mail::Mailbox &mailbox) {
    auto address = mail::Address::parse(displayed(mailbox));
    if (!address) {
        address = mail::Address::parse(mailbox.address.empty() ? kNobody : mailbox.address);
    }
    return address ? *address : mail::Address::parse(kNobody).value();
}

std::vector<mail::Address> addressesOf(const std::vector<mail::Mailbox> &mailboxes) {
    std::vector<mail::Address> addresses;
    for (const auto &mailbox : mailboxes) {
        if (!mailbox.address.empty()) {
            addresses.push_back(addressOf(mailbox));
        }
    }
    return addresses;
}

//! What was decrypted, as a message of its own.
Result<std::string> rebuilt(const OpenedMessage &message) {
    std::vector<mail::AttachmentPart> parts;
    for (const auto &attachment : attachmentsOf(message)) {
        auto loaded = mail::readAttachment(attachment, attachment.content->size());
        if (!loaded) {
            return fail(loaded.error());
        }
        parts.push_back(mail::partOf(std::move(*loaded)));
    }
    const auto entity = mail::Entity::build(*message.text, std::move(parts), {});
    if (!entity) {
        return fail(entity.error());
    }
    const auto &headers = message.headers;
    const auto date = QDateTime::fromString(QString::fromStdString(headers.date), Qt::RFC2822Date);
    const Time time{std::chrono::seconds(date.isValid() ? date.toSecsSinceEpoch() : 0)};
    base::StringSink out;
    auto written = out.write(mail::headerBlock({addressOf(headers.from), addressesOf(headers.to),
                                                addressesOf(headers.cc), headers.subject, time,
                                                mail::newMessageId("forwarded.invalid")}));
    if (written) {
        written = entity->writeTo(out);
    }
    return written ? Result<std::string>(out.bytes()) : fail(written.error());
}

bool isUnderCjsm(const mail::Mailbox &mailbox) {
    const auto domain = mailbox.address.substr(mailbox.address.rfind('@') + 1);
    return base::isSameOrSubdomain(domain, kCjsmDomain);
}

bool isRightsManaged(const OpenedMessage &message) {
    return std::any_of(message.attachments.begin(), message.attachments.end(),
                       [](const mail::MessagePart &part) {
                           return part.mediaType == "application/x-microsoft-rpmsg-message" ||
                                  base::asciiLower(part.fileName).ends_with(".rpmsg");
                       });
}

//! "with ESMTPS" and its kin (RFC 3848, RFC 6531 §4.3), in the field that our own server wrote: the
//! first.
bool cameUnderTls(const mail::RawEntity &entity) {
    const auto received = entity.values("received");
    if (received.empty()) {
        return false;
    }
    const auto words = base::split(base::asciiLower(received.front()), ' ');
    const auto with = std::find(words.begin(), words.end(), "with");
    if (with == words.end() || std::next(with) == words.end()) {
        return false;
    }
    const auto &protocol = *std::next(with);
    return protocol.starts_with("esmtps") || protocol.starts_with("utf8smtps") ||
           protocol.starts_with("lmtps");
}

//! The highest of all markings on it.
std::optional<mail::Marking> markingOf(const OpenedMessage &message, std::string_view bytes) {
    std::optional<mail::Marking> highest;
    const auto take = [&](const std::optional<mail::Marking> &there) {
        if (there) {
            highest = highest ? mail::higher(*highest, there) : there;
        }
    };
    take(mail::markingOfSubject(message.headers.subject));
    take(mail::markingOfBody(*message.text));
    take(mail::markingOfQuoted(*message.text));
    if (const auto entity = mail::splitEntity(bytes)) {
        for (const auto &value : entity->values("x-protective-marking")) {
            take(mail::markingFrom(mail::decodedValue(value)));
        }
        for (const auto &value : entity->values("sio-label")) {
            constexpr std::string_view kMarking = "marking=\"";
            const auto start = value.find(kMarking);
            const auto text =
                start == std::string::npos ? std::string() : value.substr(start + kMarking.size());
            take(mail::markingFrom(text.substr(0, text.find('"'))));
        }
    }
    return highest;
}

} // namespace

std::optional<RouteKind> wayOf(const OpenedMessage &message, std::string_view bytes) {
    if (message.encrypted) {
        return RouteKind::Smime;
    }
    const auto &headers = message.headers;
    const auto &to = headers.to;
    if (isUnderCjsm(headers.from) || std::any_of(to.begin(), to.end(), isUnderCjsm)) {
        return RouteKind::Cjsm;
    }
    const auto entity = mail::splitEntity(bytes);
    if (entity && cameUnderTls(*entity)) {
        return RouteKind::Tls;
    }
    return isRightsManaged(message) ? std::optional(RouteKind::Ome) : std::nullopt;
}

Result<ForwardedContent> Forwarder::read(const mail::Forwarded &forwarded, ByteCount limit,
                                         Deadline deadline, const std::stop_token &stop) const {
    auto file = mail::readAttachment({forwarded.path, {}}, limit);
    if (!file) {
        return fail(file.error());
    }
    const auto located = [&](Error error) {
        error.subject = mail::printable(file->name);
        return fail(std::move(error));
    };
    const auto message = m_opener ? m_opener->open(file->content, deadline, stop)
                                  : Result<OpenedMessage>(OpenedMessage());
    if (!message) {
        return located(message.error());
    }
    if (!message->shown()) {
        return located({"forward.unreadable", "forward", Reaction::FixInput});
    }
    ForwardedContent content;
    content.marking = markingOf(*message, file->content);
    content.facts.cameBy = wayOf(*message, file->content);
    content.facts.classification =
        content.marking ? content.marking->classification : Classification::Official;
    content.subject = mail::printable(message->headers.subject, 1000);
    if (forwarded.form == mail::ForwardForm::Inline) {
        content.text = inlineText(*message);
        content.attachments = attachmentsOf(*message);
        return content;
    }
    auto bytes =
        message->encrypted ? rebuilt(*message) : Result<std::string>(std::move(file->content));
    if (!bytes) {
        return located(bytes.error());
    }
    const auto name = fileNameFrom(content.subject, "Forwarded message");
    content.attachments.push_back(inMemory(name + ".eml", std::move(*bytes)));
    return content;
}

mail::Draft withForwarded(mail::Draft draft, const ForwardedContent &content) {
    if (base::trimmed(draft.subject).empty()) {
        draft.subject = "Fwd: " + content.subject;
    }
    if (!content.text.empty()) {
        draft.body += draft.body.empty() || draft.body.ends_with('\n') ? "\n" : "\n\n";
        draft.body += content.text;
    }
    draft.attachments.insert(draft.attachments.end(), content.attachments.begin(),
                             content.attachments.end());
    return draft;
}

} // namespace sealpost::send
