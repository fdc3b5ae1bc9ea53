// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: numbers in the headers of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sealpost::scan {

//! The `size` bytes (8 at most) from `at` on, the least first; zero where they are not all there.
[[nodiscard]] inline std::uint64_t littleAt(std::string_view bytes, std::uint64_t at,
                                            std::size_t size) {
    if (at > bytes.size() || bytes.size() - at < size) {
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

} // namespace sealpost::scan
