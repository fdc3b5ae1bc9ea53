// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::base {

//! A name and what stands beside it (UTF-8).
struct PdfRow {
    std::string label;
    std::string value;

    bool operator==(const PdfRow &) const = default;
};

//! A plain document with a file inside it.
struct PdfText {
    std::string title;
    std::string note; //!< under the title
    std::vector<PdfRow> rows;
    std::string fileName; //!< of what is attached, ASCII
    std::string file;
};

//! The document as A4 pages of a PDF (ISO 32000-1) in the fonts that every reader has. The same
//! document gives the same bytes. What the fonts lack stands there by its number, "<U+1F512>".
[[nodiscard]] std::string toPdf(const PdfText &document);
//! The file inside a PDF of toPdf(); none of any other. It proves nothing: write the document anew
//! and compare.
[[nodiscard]] std::optional<std::string> fileInPdf(std::string_view pdf);

} // namespace sealpost::base
