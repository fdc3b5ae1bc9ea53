// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/Answer.h"

#include "base/Text.h"
#include "mail/Marking.h"

#include <algorithm>

namespace sealpost::receive {

namespace {

//! Past this much nobody reads a quotation, and every answer would be as large as all before it.
constexpr std::size_t kMostQuoted = std::size_t{64} * 1024;

bool isOwn(const std::string &spec, std::span<const std::string> own) {
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string &one) { return base::equalsIgnoringCase(one, spec); });
}

//! The mailbox as a recipient; none where it is no address that mail can go to.
void add(std::vector<mail::Address> &to, const mail::Mailbox &mailbox,
         std::span<const std::string> own) {
    if (mailbox.address.empty() || isOwn(mailbox.address, own)) {
        return;
    }
    auto address = mail::Address::parse("\"" + mailbox.name + "\" <" + mailbox.address + ">");
    if (!address || mailbox.name.empty() ||
        mailbox.name.find_first_of("\"\\") != std::string::npos) {
        address = mail::Address::parse(mailbox.address);
    }
    if (address && std::find(to.begin(), to.end(), *address) == to.end()) {
        to.push_back(std::move(*address));
    }
}

//! "Re: " once, whatever stood in front.
std::string answeredSubject(std::string_view subject) {
    auto rest = base::trimmed(subject);
    while (base::equalsIgnoringCase(rest.substr(0, 3), "re:")) {
        rest = base::trimmed(rest.substr(3));
    }
    return "Re: " + std::string(rest);
}

std::string asQuotation(std::string_view text) {
    const bool whole = text.size() <= kMostQuoted;
    text = text.substr(0, whole ? text.size() : text.substr(0, kMostQuoted).rfind('\n'));
    text = text.substr(0, kMostQuoted); // there may be no line end
    std::string out = "> ";
    for (const char c : text) {
        if (c == '\r') {
            continue;
        }
        out += c;
        if (c == '\n') {
            out += "> ";
        }
    }
    return out + (whole ? "\n" : "\n> [...]\n");
}

} // namespace

bool mayBeQuoted(const OpenedMessage &message) {
    return message.shown() && (!message.encrypted || message.sender == SenderVerdict::Verified);
}

Classification classificationOf(const OpenedMessage &message) {
    auto highest = Classification::Official;
    const auto raise = [&highest](const std::optional<mail::Marking> &marking) {
        highest = marking ? std::max(highest, marking->classification) : highest;
    };
    raise(mail::markingOfSubject(message.headers.subject));
    raise(message.text ? mail::markingOfBody(*message.text) : std::nullopt);
    for (const auto &layer : message.layers) {
        for (const auto &signature : layer.signatures) {
            raise(mail::markingFrom(signature.label));
        }
    }
    return highest;
}

mail::Draft answerTo(const OpenedMessage &message, AnswerTo whom, std::span<const std::string> own,
                     const std::string &introduction) {
    mail::Draft draft;
    add(draft.to, message.headers.from, {});
    switch (whom) {
    case AnswerTo::Sender:
        break;
    case AnswerTo::Everyone:
        for (const auto &mailbox : message.headers.to) {
            add(draft.to, mailbox, own);
        }
        for (const auto &mailbox : message.headers.cc) {
            add(draft.cc, mailbox, own);
        }
        std::erase_if(draft.cc, [&](const mail::Address &one) {
            return std::find(draft.to.begin(), draft.to.end(), one) != draft.to.end();
        });
        break;
    }
    draft.subject = answeredSubject(message.headers.subject);
    draft.classification = classificationOf(message);
    if (message.encrypted) {
        draft.protect = RouteKind::Smime;
    }
    if (mayBeQuoted(message)) {
        draft.body = "\n\n" + introduction + "\n" + asQuotation(*message.text);
    }
    return draft;
}

} // namespace sealpost::receive
