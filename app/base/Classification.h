// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace sealpost::base {

//! Ordered: a later one calls for more. OFFICIAL-SENSITIVE is a marking inside the tier OFFICIAL.
enum class Classification { Official, OfficialSensitive, Secret, TopSecret };

//! The marking as written on a document: "OFFICIAL-SENSITIVE".
[[nodiscard]] constexpr std::string_view toString(Classification classification) {
    switch (classification) {
    case Classification::Official:
        return "OFFICIAL";
    case Classification::OfficialSensitive:
        return "OFFICIAL-SENSITIVE";
    case Classification::Secret:
        return "SECRET";
    case Classification::TopSecret:
        return "TOP SECRET";
    }
    return "OFFICIAL";
}

//! Reads a marking without regard to case; a space, a hyphen or an underscore part its words.
[[nodiscard]] std::optional<Classification> classificationFrom(std::string_view text);

} // namespace sealpost::base

namespace sealpost {
using base::Classification;
} // namespace sealpost
