// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: words that are no passwords. All lower case.
#pragma once

#include <set>
#include <string_view>

namespace sealpost::scan {

//! Follow "password is" or "password:" without being one: "required", "string", "incorrect".
[[nodiscard]] const std::set<std::string_view> &ordinaryWords();
//! Make a run of words a sentence rather than a passphrase: "the", "will", "been".
[[nodiscard]] const std::set<std::string_view> &functionWords();
//! Names of techniques, often with figures: "sha", "base64", "oauth".
[[nodiscard]] const std::set<std::string_view> &technicalWords();

} // namespace sealpost::scan
