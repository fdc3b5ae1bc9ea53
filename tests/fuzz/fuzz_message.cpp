// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeReader.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    if (sealpost::mail::looksLikeMessage(bytes)) {
        const auto message = sealpost::mail::readMessage(bytes);
        static_cast<void>(message);
    }
    return 0;
}
