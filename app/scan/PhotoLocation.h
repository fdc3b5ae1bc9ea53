// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: where a photo was taken.
#pragma once

#include <string_view>

namespace sealpost::scan {

//! Whether a JPEG, PNG, TIFF, WebP or HEIF carries coordinates: a GPS directory with a latitude in
//! its Exif data (Exif 2.32 §4.6.6).
[[nodiscard]] bool hasCoordinates(std::string_view image);

} // namespace sealpost::scan
