// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sealpost::crypto {

//! gpg-agent's options for a conversation in which the system's pinentry may ask the person: on
//! this program's display, or on its terminal. Private to this room.
[[nodiscard]] std::vector<std::string> pinentryOptions();

} // namespace sealpost::crypto
