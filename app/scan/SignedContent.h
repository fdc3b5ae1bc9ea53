// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what is inside a signature (CMS, S/MIME's opaque kind).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::scan {

//! Whether the bytes are a signature that has its content inside.
[[nodiscard]] bool isSignedContent(std::string_view bytes);

//! What was signed, its pieces joined; none where nothing is inside.
[[nodiscard]] std::optional<std::string> signedContent(std::string_view bytes);

} // namespace sealpost::scan
