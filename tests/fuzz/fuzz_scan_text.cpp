// SPDX-License-Identifier: GPL-3.0-or-later
// All rules over one text, with their validators.
#include "scan/Scanner.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace sealpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    static const auto kScanner = scan::Scanner::create().value();
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto report = kScanner->scanText(text, "body");
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    for (const auto &finding : report.findings) {
        if (finding.location.line == 0 || finding.location.line > lines ||
            finding.location.column == 0) {
            std::abort();
        }
    }
    return 0;
}
