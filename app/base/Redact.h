// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sealpost::base {

//! What may be shown of a secret (UTF-8): its first four characters where it has sixteen or more,
//! else none, and its length: "AKIA… (20 characters)".
[[nodiscard]] std::string redacted(std::string_view secret);

} // namespace sealpost::base
