// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! One leaf of a message, decoded.
struct MessagePart {
    std::string path;      //!< "1", "1.2": the position in the MIME tree
    std::string mediaType; //!< lower case
    std::string fileName;  //!< UTF-8, empty where none; never trusted as a path
    std::string content;   //!< transfer encoding undone; text as UTF-8 where its charset is known
    std::string
        undecoded; //!< a text as it was before its charset was undone, where that changed it
    bool joinsLines = false; //!< a line that ends in a space goes on in the next (RFC 3676, DelSp)
    bool legacyDisplay = false; //!< it starts with hidden header fields (RFC 9788 §2.1.2)
};

//! Of a message inside another.
struct InnerSubject {
    std::string path; //!< the inner message's
    std::string text;
};

struct ReadMessage {
    std::string subject;
    std::string from;
    std::vector<InnerSubject> innerSubjects;
    std::vector<MessagePart> parts;
    //! What is in no part: all fields of all headers, what stands before, between and behind the
    //! parts (mail/MessageRest.h).
    std::string rest;
};

//! Takes a message (RFC 5322) apart, nested message/rfc822 included. FixInput "mime.not-a-message",
//! "mime.too-deep" (past 32 levels) or "mime.too-many-parts" (past 1,000). AskAdmin
//! "app.incomplete".
[[nodiscard]] Result<ReadMessage> readMessage(std::string_view bytes);

//! The leaves of one MIME entity, whose header need not look like a message's. A message inside is
//! one leaf, message/rfc822, and is not looked into. The same errors.
[[nodiscard]] Result<std::vector<MessagePart>> readParts(std::string_view entity);

//! Whether the bytes start like a message: at least two header fields, one of them From, To,
//! Subject, Date, Received, Message-ID or MIME-Version.
[[nodiscard]] bool looksLikeMessage(std::string_view bytes);

//! A field's name, lower case; empty where the line is no field (RFC 5322 §2.2).
[[nodiscard]] std::string fieldName(std::string_view line);

} // namespace sealpost::mail
