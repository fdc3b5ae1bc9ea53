// SPDX-License-Identifier: GPL-3.0-or-later
// CMS messages, as they are read before any key or trust comes in.
#include "crypto/EnvelopeShape.h"
#include "crypto/SignatureCheck.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <openssl/err.h>

using namespace sealpost::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    for (const bool outside : {false, true}) {
        const auto bio = readerOf(bytes);
        const CmsPtr message(bio ? d2i_CMS_bio(bio.get(), nullptr) : nullptr);
        if (!message) {
            break;
        }
        const auto shape = shapeOf(message.get());
        const auto checked = checkSignatures(
            message.get(), outside ? std::optional<std::string_view>("content") : std::nullopt,
            nullptr);
        // Nobody can sign for us by chance: the corpus' signatures are over other content.
        const bool forged =
            outside && checked &&
            std::any_of(checked->signatures.begin(), checked->signatures.end(),
                        [](const auto &one) { return one.facts.math == SignatureMath::Good; });
        if (forged) {
            std::abort();
        }
        static_cast<void>(shape);
    }
    ERR_clear_error();
    return 0;
}
