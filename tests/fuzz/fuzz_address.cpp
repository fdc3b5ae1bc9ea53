// SPDX-License-Identifier: GPL-3.0-or-later
// What is accepted as an address must be accepted again in its own form, and never holds a control
// character.
#include "base/Text.h"
#include "mail/Address.h"

#include <cstdint>
#include <cstdlib>

using sealpost::mail::Address;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto address = Address::parse(text);
    if (!address) {
        return 0;
    }
    const auto again = Address::parse(address->spec());
    if (!again || !(*again == *address) ||
        sealpost::base::hasControlCharacters(address->forDisplay())) {
        std::abort();
    }
    return 0;
}
