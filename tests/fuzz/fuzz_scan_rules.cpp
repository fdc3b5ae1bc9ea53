// SPDX-License-Identifier: GPL-3.0-or-later
// An organisation's rule file, in either format.
#include "scan/RuleSet.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto rules = sealpost::scan::parseOwnRules(text, "r.toml");
    if (!rules && rules.error().logSafeDetail.find("r.toml") == std::string::npos) {
        std::abort(); // a mistake without its place
    }
    return 0;
}
