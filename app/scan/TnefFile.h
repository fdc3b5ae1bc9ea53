// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: winmail.dat, as which Outlook attaches what MIME has no place for (MS-OXTNEF).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

struct TnefFile {
    struct Attachment {
        std::string name;
        std::string_view content;
    };
    std::vector<Attachment> attachments;
    std::vector<std::string_view> properties; //!< all else: subjects, bodies, numbers
    bool whole = true;
};

//! The views are of the input.
[[nodiscard]] TnefFile readTnef(std::string_view bytes);

//! The bodies in compressed RTF that properties hold, as they lie there.
[[nodiscard]] std::vector<std::string_view> compressedRtfIn(std::string_view properties);

//! A message that is attached to another, from where it starts; empty where there is none.
[[nodiscard]] std::string_view tnefInside(std::string_view properties);

} // namespace sealpost::scan
