// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: TOML with errors that say where. For source files alone, since it includes
// toml++.
#pragma once

#include "base/Result.h"

#include <sstream>
#include <string>
#include <string_view>
#include <toml++/toml.h>

namespace sealpost::scan {

//! A message and where in the file it belongs.
struct Problem {
    std::string what;
    toml::source_position at;
};

//! AskAdmin "scan.rules".
inline Error toError(const Problem &problem, std::string_view file) {
    std::ostringstream detail;
    detail << file << ':' << problem.at.line << ':' << problem.at.column << ": " << problem.what;
    return Error{"scan.rules", "scan.rules", Reaction::AskAdmin, detail.str(), std::string(file)};
}

inline Result<toml::table> parsedToml(std::string_view text, std::string_view file) {
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error &error) {
        return fail(toError({std::string(error.description()), error.source().begin}, file));
    }
}

} // namespace sealpost::scan
