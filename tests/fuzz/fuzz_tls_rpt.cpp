// SPDX-License-Identifier: GPL-3.0-or-later
// The RDATA of a TXT record, read as one of TLS-RPT and as one of MTA-STS.
#include "assurance/MtaStsPolicy.h"
#include "base/Text.h"
#include "net/TxtRecord.h"

#include <cstdint>
#include <cstdlib>

using namespace sealpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const auto text =
        net::txtFromWire(std::string_view(reinterpret_cast<const char *>(data), size));
    if (!text) {
        return 0;
    }
    if (net::txtFromWire(net::encodeTxt(*text)) != text) {
        std::abort();
    }
    const auto id = assurance::mtaStsId({&*text, 1});
    const auto uris = assurance::tlsReportUris({&*text, 1});
    if (id && uris) {
        std::abort(); // a record is of one kind
    }
    if (uris) {
        for (const auto &uri : *uris) {
            if (uri.empty() || base::hasControlCharacters(uri)) {
                std::abort();
            }
        }
    }
    return 0;
}
