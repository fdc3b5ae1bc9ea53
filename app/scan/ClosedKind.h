// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: files in which no text can be seen.
#pragma once

#include <string_view>

namespace sealpost::scan {

//! Whether a file of none of the kinds that are read is packed or encrypted: it begins as such a
//! file does, or its bytes are spread as evenly as only packed or encrypted ones are. Fonts and
//! OpenPGP certificates are spread so too, and are not meant.
[[nodiscard]] bool isClosed(std::string_view bytes);

} // namespace sealpost::scan
