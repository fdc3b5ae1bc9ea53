// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what can be read in RTF ("Rich Text Format Specification", 1.9.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

struct RichText {
    //! What it shows, runs joined; the HTML where it is HTML in RTF (MS-OXRTFEX).
    std::string text;
    //! What it has beside that: comments, properties, fields, names; each a line.
    std::string aside;
    std::vector<std::string> objects; //!< pictures, and what is embedded, as files
    bool tooMany = false;             //!< there are more of those
    bool isHtml = false;              //!< the text is HTML
};

[[nodiscard]] bool looksLikeRichText(std::string_view bytes);
//! Reads anything; larger than the bytes only by what characters beyond ASCII take in UTF-8.
[[nodiscard]] RichText readRichText(std::string_view bytes);

} // namespace sealpost::scan
