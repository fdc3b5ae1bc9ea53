// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyParser.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const auto layer = sealpost::policy::parsePolicy(
        std::string_view(reinterpret_cast<const char *>(data), size), "fuzz");
    static_cast<void>(layer);
    return 0;
}
