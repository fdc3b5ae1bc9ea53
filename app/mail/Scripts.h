// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! The scripts that one label of a domain mixes though no language does, by name and sorted: a
//! Cyrillic "a" among Latin letters makes another name that looks the same. Empty where no label
//! does. What Japanese, Chinese and Korean mix with one another and with Latin is no mixture
//! (UTS 39 §5.2, "highly restrictive"). `domain` is in A-label form.
[[nodiscard]] std::vector<std::string> mixedScripts(std::string_view domain);

} // namespace sealpost::mail
