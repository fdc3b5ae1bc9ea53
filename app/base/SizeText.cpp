// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/SizeText.h"

#include <array>
#include <string_view>

namespace sealpost::base {

std::string sizeText(ByteCount bytes) {
    if (bytes < kKiB) {
        return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    }
    static constexpr std::array<std::string_view, 4> kUnits{" KiB", " MiB", " GiB", " TiB"};
    std::size_t unit = 0;
    ByteCount scale = kKiB;
    while (bytes / scale >= kKiB && unit + 1 < kUnits.size()) {
        scale *= kKiB;
        ++unit;
    }
    const auto whole = bytes / scale;
    const auto tenth = bytes % scale * 10 / scale;
    auto text = std::to_string(whole);
    if (tenth != 0) {
        text += "." + std::to_string(tenth);
    }
    return text.append(kUnits[unit]);
}

} // namespace sealpost::base
