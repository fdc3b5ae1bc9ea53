// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to mail: what of a message is in none of its parts.
#pragma once

#include "mail/MimeReader.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! Where a part's content stands in the bytes.
struct PartRange {
    std::size_t from = 0;
    std::size_t to = 0;
    bool isBase64 = false;
};

//! All that readers of mail pass over: the fields of every header, one a line and decoded, what
//! stands before, between and behind the parts, and what in base64 is none. Of fields that hold
//! addresses the addresses are left out, and so are those that machines write for machines
//! (signatures, routes, verdicts on spam): they are random to look at.
[[nodiscard]] std::string restOfMessage(std::string_view bytes, std::vector<PartRange> parts);

} // namespace sealpost::mail
