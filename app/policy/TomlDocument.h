// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "policy/PolicyParser.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::policy {

//! A TOML document as values of our own, each with its place: the parser's library stays behind it.
struct TomlValue {
    enum class Kind { Table, Array, String, Integer, Boolean, Moment, Other };
    struct Member;

    Kind kind = Kind::Other;
    SourcePosition position;
    std::string text; //!< String
    std::int64_t integer = 0;
    bool boolean = false;
    Time moment{};                //!< Moment: a time with its offset; a date is the end of its day
    std::vector<TomlValue> items; //!< Array
    std::vector<Member> members;  //!< Table, sorted by key
};

struct TomlValue::Member {
    std::string key;
    SourcePosition position; //!< of the key
    TomlValue value;
};

//! The document's root table, or its one syntax error.
[[nodiscard]] tl::expected<TomlValue, PolicyProblem> parseToml(std::string_view toml,
                                                               std::string_view source);

//! As it is written in TOML, with quotes and escapes.
[[nodiscard]] std::string tomlText(std::string_view text);

} // namespace sealpost::policy
