// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CmsReader.h"
#include "mail/MimeReader.h"
#include "mail/RawEntity.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::receive {

//! What is proven of who wrote a message.
enum class SenderVerdict {
    Verified, //!< the address in From signed all that is shown, with a certificate that can be
              //!< relied on
    Unsigned, //!< nobody signed it
    Unproven, //!< somebody signed it, but that proves nothing about From: the notes say why
    Forged,   //!< a signature does not fit what it signs: nothing is shown
};

[[nodiscard]] constexpr std::string_view toString(SenderVerdict verdict) {
    switch (verdict) {
    case SenderVerdict::Verified:
        return "verified";
    case SenderVerdict::Unsigned:
        return "unsigned";
    case SenderVerdict::Unproven:
        return "unproven";
    case SenderVerdict::Forged:
        return "forged";
    }
    return "forged";
}

//! One cryptographic layer, as it was taken off.
struct Layer {
    enum class Kind { Signed, Encrypted };
    Kind kind = Kind::Signed;
    std::vector<crypto::SignatureFacts> signatures;           //!< Signed
    std::string cipher;                                       //!< Encrypted: "aes-256-cbc"
    crypto::Integrity integrity = crypto::Integrity::Unknown; //!< the same
    std::string decryptedBy;                                  //!< the same: our certificate
};

//! Something that a person has to know; wording makes the sentence.
struct Note {
    std::string id; //!< "open.signer-not-sender"
    std::map<std::string, std::string> facts = {};
};

//! Every id that a Note can have; a test holds wording to it.
inline constexpr std::string_view kAllNotes[] = {
    "open.unsigned",
    "open.signature-changed",
    "open.signature-weak",
    "open.signature-bare",
    "open.signature-unreadable",
    "open.signature-other-certificate",
    "open.signer-state",
    "open.signer-not-sender",
    "open.no-sender",
    "open.several-senders",
    "open.signed-outside",
    "open.structure",
    "open.partly-protected",
    "open.unauthenticated",
    "open.not-for-you",
    "open.decrypt-failed",
    "open.weak-tag",
    "open.headers-unprotected",
    "open.outer-differs",
    "open.html-only",
    "open.too-deep",
    "open.too-large",
    "open.signature-alone",
    "open.kind-unknown",
    "open.damaged",
    "open.name-looks-like-address",
    "open.key-trouble",
};

struct ShownHeaders {
    mail::Mailbox from;
    std::vector<mail::Mailbox> to;
    std::vector<mail::Mailbox> cc;
    std::string subject;
    std::string date;
    bool isProtected = false; //!< by a layer (RFC 9788), not only by the outer header
};

//! A received message as far as it may be shown.
struct OpenedMessage {
    SenderVerdict sender = SenderVerdict::Unsigned;
    bool encrypted = false;
    std::vector<Layer> layers; //!< the outermost first
    ShownHeaders headers;
    std::optional<std::string> text;            //!< UTF-8; none: nothing is shown
    std::vector<mail::MessagePart> attachments; //!< empty where nothing is shown
    std::vector<Note> notes;
    [[nodiscard]] bool shown() const { return text.has_value(); }
};

//! PEM of what came along with the good signatures (SignatureFacts::certificates); empty: nothing.
[[nodiscard]] inline std::string signersCertificates(const OpenedMessage &message) {
    std::string all;
    for (const auto &layer : message.layers) {
        for (const auto &signature : layer.signatures) {
            all += signature.certificates;
        }
    }
    return all;
}

} // namespace sealpost::receive
