// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sealpost::submit {

//! The name under which a server keeps the message, out of its reply to the last dot, as Postfix,
//! Exim, sendmail, Exchange and Google write it; empty where none of these forms fits.
[[nodiscard]] std::string queueIdFrom(std::string_view reply);

} // namespace sealpost::submit
