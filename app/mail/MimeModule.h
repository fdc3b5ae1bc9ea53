// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to mail: what GMime does for it. GMime and the eleven libraries below it are in the
// module "sealpost-mime", which is loaded when a message is first built or read (docs/adr/0012).
#pragma once

#include "base/Result.h"
#include "mail/HeaderText.h"
#include "mail/MessageRest.h"
#include "mail/MimeReader.h"
#include "mail/RawEntity.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

struct RawMailbox {
    std::string name;
    std::string address;
};

struct MimeModule {
    //! readMessage(), with its subjects undecoded and without the rest; the bytes look like a
    //! message. Where the parts' contents stand is added to `ranges`.
    Result<ReadMessage> (*readMessage)(std::string_view bytes, std::vector<PartRange> &ranges);
    Result<std::vector<MessagePart>> (*readParts)(std::string_view entity);
    //! "start; name=value; …" folded, with its line end; one line each.
    std::string (*parameterField)(const std::string &start, const Parameters &parameters);
    //! Encoded-words (RFC 2047) decoded.
    std::string (*decodedWords)(const std::string &text);
    std::string (*decodedQuotedPrintable)(std::string_view text);
    //! Of a Content-Type's value; an empty type where it can't be read.
    ContentType (*contentType)(const std::string &value);
    //! Of a From, To or Cc value, those in groups too; at most `most`.
    std::vector<RawMailbox> (*mailboxes)(const std::string &value, std::size_t most);
};

//! AskAdmin "app.incomplete". What builds or reads a message asks for it first.
[[nodiscard]] Result<void> needMime();

//! The module's functions; where needMime() fails, functions that make nothing of anything.
[[nodiscard]] const MimeModule &mime();

} // namespace sealpost::mail
