// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/KeyShape.h"
#include "policy/Policy.h"
#include "policy/ValueReaders.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::policy {

//! Who may set a key.
enum class Authority { Anyone, MachineOnly };

//! All that is known of one key: parser, layers, texts, suggestions and the JSON Schema come from
//! this table alone.
struct KeySpec {
    std::string key; //!< dotted
    KeyShape shape;
    Authority authority = Authority::Anyone;
    //! Into the policy; where the value has problems, the policy stays as it is.
    std::function<void(const TomlValue &, Policy &, const Reading &)> read;
    std::function<std::string(const Policy &)> text; //!< as TOML
    std::function<void(const Policy &from, Policy &to)> copy;
    //! Whether this key is as strict in `a` as in `b`, or stricter (see Strictness.h).
    std::function<bool(const Policy &a, const Policy &b)> within;
    //! What a lock lets through: `held`'s value made as strict as `below` asks, never laxer.
    std::function<void(const Policy &below, Policy &held)> tighten;
};

//! Every key, in the order of the default policy's file.
[[nodiscard]] const std::vector<KeySpec> &schema();
//! Null where there is no such key.
[[nodiscard]] const KeySpec *findKey(std::string_view key);
//! Whether `name` is a table that holds keys: "decision" or "decision.secrets".
[[nodiscard]] bool isTable(std::string_view name);
//! All keys and all tables.
[[nodiscard]] const std::vector<std::string> &allNames();

} // namespace sealpost::policy
