// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sealpost::net {

//! In the order in which RFC 8305 §4 tries them: the families take turns, IPv6 begins, and those of
//! one family keep their order.
[[nodiscard]] std::vector<std::string> interleaved(const std::vector<std::string> &addresses);

} // namespace sealpost::net
