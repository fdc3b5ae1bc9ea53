// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: files that old programs wrote into texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! Whether something of this kind, or a calendar or card (whose lines are folded), begins within
//! the first kilobyte: more than that would cost all large texts too much.
[[nodiscard]] bool startsOldEncoding(std::string_view text);

struct UuFile {
    std::string name;
    std::string content;
};

struct UuBlocks {
    std::vector<UuFile> files;
    bool unread = false; //!< there is one in an encoding that isn't read here (yEnc, BinHex)
};

//! What is uuencoded in a text (POSIX.1-2017, uuencode). Never more than the text's size in all.
[[nodiscard]] UuBlocks uuBlocksIn(std::string_view text);

} // namespace sealpost::scan
