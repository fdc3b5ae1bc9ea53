// SPDX-License-Identifier: GPL-3.0-or-later
// An organisation's rule file, in either format, or a table for modulus checking.
#include "scan/AccountChecks.h"
#include "scan/RuleSet.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto rules = sealpost::scan::parseOwnRules(text, "r.toml");
    if (!rules && rules.error().logSafeDetail.find("r.toml") == std::string::npos) {
        std::abort(); // a mistake without its place
    }
    sealpost::scan::AccountChecks accounts;
    if (accounts.add(text, "r.toml")) {
        for (const auto *number : {"00000000", "12345678", "99345691", "55555566"}) {
            (void)accounts.judge("100000", number);
            (void)accounts.judge(text.substr(0, 6), number);
        }
    }
    return 0;
}
