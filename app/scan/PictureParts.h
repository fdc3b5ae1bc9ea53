// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: a picture's file without its points.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

struct PictureParts {
    std::string beside;      //!< comments and properties as they stand, parted by zeros
    std::string_view behind; //!< what follows the picture's end; a view of the input
    bool whole = true;       //!< it has an end
};

//! Of PNG, JPEG, GIF and WebP; of other kinds, all bytes stand beside and none behind.
[[nodiscard]] PictureParts partsOfPicture(std::string_view bytes);

} // namespace sealpost::scan
