// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: how what is inside a file is named.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

//! "a.zip/notes.txt"; either alone where the other is empty.
[[nodiscard]] inline std::string joined(const std::string &part, const std::string &inner) {
    return part.empty() || inner.empty() ? part + inner : part + '/' + inner;
}

[[nodiscard]] inline std::string_view lastName(std::string_view path) {
    return path.substr(path.find_last_of('/') + 1);
}

} // namespace sealpost::scan
