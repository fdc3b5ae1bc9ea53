// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sealpost::mail {

//! "{name}" and the like filled in; a field that is not known stays as it is written.
[[nodiscard]] std::string filledIn(std::string_view text,
                                   const std::map<std::string, std::string> &fields);

//! Whether the text, with whatever stands for its fields, is in the body already: quoted, folded or
//! indented as it may be.
[[nodiscard]] bool hasDisclaimer(std::string_view body, std::string_view text);

//! Where a person's own words end: in front of what is quoted at the end of the body (lines that
//! begin with ">", with the line above that says who wrote, or all that follows "-----Original
//! Message-----" and the like). The whole body's length where nothing is.
[[nodiscard]] std::size_t endOfOwnText(std::string_view body);

//! The body with the text behind the person's own words, parted by an empty line; unchanged where
//! it has the text already. `filled` is filledIn(`text`, …).
[[nodiscard]] std::string withDisclaimer(std::string_view body, std::string_view text,
                                         std::string_view filled);

} // namespace sealpost::mail
