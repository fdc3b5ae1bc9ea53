// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Classification.h"

#include "base/Text.h"

#include <algorithm>
#include <string>

namespace sealpost::base {

std::optional<Classification> classificationFrom(std::string_view text) {
    auto normal = asciiUpper(trimmed(text));
    std::replace_if(
        normal.begin(), normal.end(), [](char c) { return c == ' ' || c == '_'; }, '-');
    if (normal == "OFFICIAL") {
        return Classification::Official;
    }
    if (normal == "OFFICIAL-SENSITIVE") {
        return Classification::OfficialSensitive;
    }
    if (normal == "SECRET") {
        return Classification::Secret;
    }
    if (normal == "TOP-SECRET") {
        return Classification::TopSecret;
    }
    return std::nullopt;
}

} // namespace sealpost::base
