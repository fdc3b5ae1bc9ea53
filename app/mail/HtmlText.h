// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sealpost::mail {

//! HTML as plain text, for reading alone: no style is heeded, so nothing stays hidden; no address
//! in it is followed, so nothing is fetched. Scripts and styles are left out, each block ends its
//! line, and where a link shows another address than it leads to, both are there. Linear in the
//! input; never markup.
[[nodiscard]] std::string htmlAsText(std::string_view html);

} // namespace sealpost::mail
