// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: files that Office embeds in documents (MS-OLEDS).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::scan {

struct PackagedFile {
    std::string name; //!< empty where there is none
    std::string_view bytes;
};

//! What the stream "\1Ole10Native" of an embedded object holds (§2.3.6): a file that somebody put
//! into a document, or another program's data. None where it is cut off.
[[nodiscard]] std::optional<PackagedFile> packagedIn(std::string_view nativeStream);

//! What an object in RTF holds (§2.2.5); none where it is no embedded object.
[[nodiscard]] std::optional<std::string> embeddedIn(std::string_view objectData);

} // namespace sealpost::scan
