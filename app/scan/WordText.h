// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: the text of a document of Word 97 to 2003 (MS-DOC).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::scan {

struct WordText {
    std::string text;       //!< UTF-8: the body, notes, headers, comments, text boxes, fields
    bool whole = false;     //!< all pieces could be read
    bool encrypted = false; //!< then there is no text
};

//! The number of the table that the stream "WordDocument" says is its own; none where it is no such
//! stream.
[[nodiscard]] std::optional<int> wordTable(std::string_view document);

//! From the streams "WordDocument" and "0Table" or "1Table". No more than twice the first one's
//! characters.
[[nodiscard]] WordText wordText(std::string_view document, std::string_view table);

} // namespace sealpost::scan
