// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: archives that begin inside files of another kind.
#pragma once

#include <string_view>

namespace sealpost::scan {

//! The archive that begins somewhere inside a file that is none, up to the file's end: behind a
//! program or a script that unpacks itself, or behind a picture. Zip, 7z and rar, and behind a
//! script what is compressed. Empty where there is none.
[[nodiscard]] std::string_view archiveBehind(std::string_view bytes);
//! Whether its last bytes are the end of a zip.
[[nodiscard]] bool endsWithZip(std::string_view bytes);

} // namespace sealpost::scan
