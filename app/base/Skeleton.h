// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sealpost::base {

//! The skeleton of a domain name's text (UTF-8): texts with one skeleton look alike (UTS #39 §4).
//! Beyond that, in lower case, since 0 looks like O there and o here, and "vv" counts as w. For
//! comparing with other skeletons alone: it is not for showing.
[[nodiscard]] std::u32string skeleton(std::string_view text);

} // namespace sealpost::base
