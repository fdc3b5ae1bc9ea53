// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace sealpost::wording {

//! What a rule of resources/rules finds, as a person calls it; without an article.
inline constexpr auto kFindingNames = std::to_array<std::pair<std::string_view, const char *>>({
    {"marking-secret", "SECRET marking"},
});

} // namespace sealpost::wording
