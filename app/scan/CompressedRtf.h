// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: the body in RTF of a message of Outlook, as it lies there (MS-OXRTFCP).
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

struct DecompressedRtf {
    std::string text; //!< as far as it could be read
    bool whole = false;
};

//! No more than nine times the bytes that there are.
[[nodiscard]] DecompressedRtf decompressRtf(std::string_view bytes);

} // namespace sealpost::scan
