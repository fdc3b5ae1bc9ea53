// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that looks into files: archives, documents, mail, images' properties, base64.
#include "scan/Scanner.h"

#include <cstdint>
#include <cstdlib>

using namespace sealpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    static const auto kScanner = [] {
        scan::ScanLimits limits;
        limits.items = 200;
        limits.totalBytes = 8 * base::kMiB;
        limits.itemBytes = 4 * base::kMiB;
        return scan::Scanner::create(limits).value();
    }();
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    const auto report =
        kScanner->scanBytes(bytes, "file", Deadline::after(std::chrono::seconds(20)), {});
    // Nothing may be lost without a word, and no excerpt may show more than four characters.
    if (!report || report->items == 0) {
        std::abort();
    }
    for (const auto &finding : report->findings) {
        if (finding.kind.empty() || finding.excerpt.size() > 200) {
            std::abort();
        }
    }
    return 0;
}
