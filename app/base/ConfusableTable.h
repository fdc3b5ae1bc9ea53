// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to base.
#pragma once

#include <string_view>

namespace sealpost::base {

//! "430=61 e6=61+65 …": a code point and what it looks like, hexadecimal, each with a space after
//! it, in ascending order.
extern const std::string_view kConfusables;

} // namespace sealpost::base
