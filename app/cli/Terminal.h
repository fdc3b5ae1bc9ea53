// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"

#include <optional>
#include <string_view>

namespace sealpost::cli {

//! Whether standard input is a terminal, at which a person sits.
[[nodiscard]] bool inputIsTerminal();
//! Whether standard error is one, on which a line may be written over.
[[nodiscard]] bool errorIsTerminal();
//! Asks on the terminal, without echo; none where there is no terminal or the person broke off.
[[nodiscard]] std::optional<SecretBytes> askSecret(std::string_view prompt);

} // namespace sealpost::cli
