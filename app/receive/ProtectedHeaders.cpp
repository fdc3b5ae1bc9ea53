// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/ProtectedHeaders.h"

#include "base/Text.h"

#include <algorithm>
#include <array>

namespace sealpost::receive {

namespace {

//! A name that is written like another address: what a hurried reader takes for the sender.
bool looksLikeAddress(const mail::Mailbox &mailbox) {
    const auto at = mailbox.name.find('@');
    return at != std::string::npos &&
           base::asciiLower(mailbox.name).find(base::asciiLower(mailbox.address)) ==
               std::string::npos;
}

//! The one mailbox of the one From field.
mail::Mailbox senderOf(const mail::RawEntity &entity, std::vector<Note> &notes) {
    const auto fields = entity.values("from");
    if (fields.empty()) {
        return {};
    }
    auto mailboxes = mail::mailboxesOf(fields.front());
    //= RFC 5322 §3.6 (From occurs once; we also want one author)
    if (fields.size() != 1 || mailboxes.size() != 1) {
        notes.push_back({"open.several-senders", {}});
        return {};
    }
    auto sender = std::move(mailboxes.front());
    if (looksLikeAddress(sender)) {
        notes.push_back(
            {"open.name-looks-like-address", {{"name", sender.name}, {"address", sender.address}}});
        sender.name.clear();
    }
    return sender;
}

std::vector<mail::Mailbox> recipientsOf(const mail::RawEntity &entity, std::string_view name) {
    std::vector<mail::Mailbox> all;
    for (const auto &value : entity.values(name)) {
        auto some = mail::mailboxesOf(value);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

std::string onlyText(const mail::RawEntity &entity, std::string_view name) {
    const auto values = entity.values(name);
    return values.empty() ? std::string() : mail::decodedValue(values.front());
}

ShownHeaders read(const mail::RawEntity &entity, std::vector<Note> &notes) {
    ShownHeaders headers;
    headers.from = senderOf(entity, notes);
    headers.to = recipientsOf(entity, "to");
    headers.cc = recipientsOf(entity, "cc");
    headers.subject = onlyText(entity, "subject");
    headers.date = onlyText(entity, "date");
    return headers;
}

std::string squeezed(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c != ' ' && c != '\t') {
            out += c;
        }
    }
    return out;
}

//! What the outer header had when the message was sealed: HP-Outer's word, for an encrypted one;
//! else it was the same as inside.
std::optional<std::string> sentOuter(const mail::RawEntity &inner, std::string_view name,
                                     bool encrypted) {
    if (!encrypted) {
        const auto values = inner.values(name);
        return values.empty() ? std::nullopt : std::optional(values.front());
    }
    for (const auto &value : inner.values("hp-outer")) {
        const auto colon = value.find(':');
        if (colon != std::string::npos &&
            base::equalsIgnoringCase(base::trimmed(value.substr(0, colon)), name)) {
            return std::string(base::trimmed(std::string_view(value).substr(colon + 1)));
        }
    }
    return std::nullopt;
}

void compareOuter(const mail::RawEntity &outer, const mail::RawEntity &inner, bool encrypted,
                  std::vector<Note> &notes) {
    constexpr std::array<std::string_view, 5> kFields = {"from", "to", "cc", "subject", "date"};
    for (const auto name : kFields) {
        const auto sent = sentOuter(inner, name, encrypted);
        const auto arrived = outer.values(name);
        if (!sent && arrived.empty()) {
            continue;
        }
        if (!sent || arrived.size() != 1 || squeezed(*sent) != squeezed(arrived.front())) {
            notes.push_back({"open.outer-differs", {{"field", std::string(name)}}});
        }
    }
}

} // namespace

ReadHeaders shownHeaders(const mail::RawEntity *outer, const mail::RawEntity *inner,
                         bool encrypted) {
    ReadHeaders result;
    const auto hp = inner != nullptr ? mail::contentTypeOf(*inner).parameter("hp") : std::string();
    //= RFC 9788 §4.2 (header fields are protected where the payload's Content-Type says so)
    if (hp == "clear" || hp == "cipher") {
        result.headers = read(*inner, result.notes);
        result.headers.isProtected = true;
        if (outer != nullptr) {
            compareOuter(*outer, *inner, encrypted && hp == "cipher", result.notes);
        }
        return result;
    }
    if (outer != nullptr) {
        result.headers = read(*outer, result.notes);
    }
    if (inner != nullptr) {
        result.notes.push_back({"open.headers-unprotected", {}});
    }
    return result;
}

std::string withoutLegacyDisplay(std::string_view text) {
    for (const std::string_view end : {"\r\n\r\n", "\n\n"}) {
        const auto at = text.find(end);
        if (at != std::string_view::npos) {
            return std::string(text.substr(at + end.size()));
        }
    }
    return std::string(text);
}

} // namespace sealpost::receive
