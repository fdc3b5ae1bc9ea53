// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/BerElement.h"

namespace sealpost::scan {

std::optional<BerElement> berElement(std::string_view bytes, char tag) {
    if (bytes.size() < 2 || bytes.front() != tag) {
        return std::nullopt;
    }
    const auto first = static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    if (first == 0x80) {
        return BerElement{bytes, {}, false};
    }
    std::size_t length = first;
    if (first > 0x80) {
        const std::size_t count = first & 0x7FU;
        if (count > 4 || count > bytes.size()) {
            return std::nullopt;
        }
        length = 0;
        for (std::size_t i = 0; i < count; ++i) {
            length = length << 8U | static_cast<unsigned char>(bytes[i]);
        }
        bytes.remove_prefix(count);
    }
    if (length > bytes.size()) {
        return std::nullopt;
    }
    return BerElement{bytes.substr(0, length), bytes.substr(length), true};
}

} // namespace sealpost::scan
