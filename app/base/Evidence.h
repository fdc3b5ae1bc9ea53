// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace sealpost::base {

//! What is known of one fact, kept apart from what failed on the way to it.
//! The default is NotChecked and counts as untrusted. TempFailure is never read as an absence.
enum class Evidence { NotChecked, Proven, ProvenAbsent, Bogus, TempFailure };

//! The word of docs/cli-json.md: "not-checked", "proven", …
[[nodiscard]] constexpr std::string_view toString(Evidence evidence) {
    switch (evidence) {
    case Evidence::NotChecked:
        return "not-checked";
    case Evidence::Proven:
        return "proven";
    case Evidence::ProvenAbsent:
        return "proven-absent";
    case Evidence::Bogus:
        return "bogus";
    case Evidence::TempFailure:
        return "temp-failure";
    }
    return "not-checked";
}

} // namespace sealpost::base

namespace sealpost {
using base::Evidence;
} // namespace sealpost
