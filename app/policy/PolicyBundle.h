// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "policy/PolicyParser.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sealpost::policy {

//! What an organisation's bundle says of itself, in its table [bundle].
struct BundleHeader {
    std::uint64_t version = 0; //!< from 1; only ever rises
    Time expires{};            //!< not in force after this
};

struct BundleDocument {
    //! None where it lacks a field; then `layer.problems` says so.
    std::optional<BundleHeader> header;
    PolicyLayer layer;
};

//! A policy document with a table [bundle]: version and expires, both needed. All else as in
//! parsePolicy().
[[nodiscard]] BundleDocument parseBundle(std::string_view toml, std::string_view source);

//! A policy file as an administrator writes it: a bundle where it has a table [bundle].
[[nodiscard]] PolicyLayer parsePolicyOrBundle(std::string_view toml, std::string_view source);

} // namespace sealpost::policy
