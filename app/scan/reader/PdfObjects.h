// SPDX-License-Identifier: GPL-3.0-or-later
// Part of sealpost-reader: what a PDF holds beside what its pages show.
#pragma once

#include "scan/reader/Records.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace sealpost::scan {

//! What has been told of a file already.
struct PdfTold {
    std::set<std::string, std::less<>> words; //!< of its pages
    std::set<std::string, std::less<>> files; //!< contents
};

//! Whether there is a picture large enough for a code.
[[nodiscard]] bool hasPictures(std::string_view pdf);

//! Goes through the bytes as they lie there, whether or not anything refers to them: strings
//! (comments on pages, forms, bookmarks, scripts), streams (properties, forms in XML, text that no
//! page shows any more), attached files, and what stands between, before and behind. Of what was
//! told already nothing is told. The version before the last change is a file of its own. No more
//! is unpacked than some hundred megabytes.
void readPdfObjects(std::string_view pdf, const PdfTold &told,
                    const std::function<void(const ReaderRecord &)> &write);

} // namespace sealpost::scan
