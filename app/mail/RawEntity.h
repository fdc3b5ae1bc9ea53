// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! One header field: its name in lower case, its value unfolded and otherwise as it stands.
struct RawField {
    std::string name;
    std::string value;
};

//! A MIME entity as the bytes that it is, because signatures are over bytes: nothing is decoded,
//! nothing is repaired. The body is a view of the input.
struct RawEntity {
    std::vector<RawField> fields;
    std::string_view body;

    //! The values of a field, in order; `name` in lower case.
    [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
};

//! FixInput "mime.not-a-message": the header section has a line that is no field, more than 1,000
//! fields or 256 KiB, or no end. AskAdmin "app.incomplete".
[[nodiscard]] Result<RawEntity> splitEntity(std::string_view bytes);

struct ContentType {
    std::string mediaType; //!< lower case; empty where there are several or it can't be read
    std::map<std::string, std::string> parameters; //!< names in lower case
    [[nodiscard]] std::string parameter(const std::string &name) const;
};
[[nodiscard]] ContentType contentTypeOf(const RawEntity &entity);

//! The parts between the delimiters, each without the line end in front of its delimiter (RFC 2046
//! §5.1.1). None where the last delimiter is missing: what follows could be anybody's.
[[nodiscard]] std::optional<std::vector<std::string_view>>
splitMultipart(std::string_view body, const std::string &boundary);

//! The body with its transfer encoding undone.
[[nodiscard]] std::string decodedBody(const RawEntity &entity);

//! A header value as text (RFC 2047), made printable, one line.
[[nodiscard]] std::string decodedValue(const std::string &value);

struct Mailbox {
    std::string name;    //!< decoded and printable; empty where there is none
    std::string address; //!< local part and A-label domain; empty where it is not well-formed
};
//! The mailboxes of a From, To or Cc value, those in groups too; at most 1,000.
[[nodiscard]] std::vector<Mailbox> mailboxesOf(const std::string &value);

} // namespace sealpost::mail
