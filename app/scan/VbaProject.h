// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: macros in Visual Basic, inside documents of Office (MS-OVBA).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::scan {

struct VbaSource {
    std::string text; //!< as far as it could be read; no more than some times the stream
    bool whole = false;
};

//! The source of a module, from the stream that holds it beside what was compiled; none where the
//! stream has none.
[[nodiscard]] std::optional<VbaSource> vbaSource(std::string_view stream);

//! Whether a stream of this path is of a project's own book-keeping: names and what was compiled.
[[nodiscard]] bool isVbaHousekeeping(std::string_view path);

//! Whether a stream of this path is a module.
[[nodiscard]] bool isVbaModule(std::string_view path);

} // namespace sealpost::scan
