// SPDX-License-Identifier: GPL-3.0-or-later
// Part of sealpost-reader: the strings in a PDF's syntax.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

//! Of objects: each string a line, behind its key: "Title: x", and a form's field as "name: value".
[[nodiscard]] std::string stringsOfObjects(std::string_view syntax);

//! Of what draws a page: strings that are drawn side by side joined, each line a line.
[[nodiscard]] std::string stringsOfDrawing(std::string_view syntax);

} // namespace sealpost::scan
