// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/PdfObjects.h"

#include <cstddef>
#include <cstdint>

using namespace sealpost::scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    PdfTold told;
    told.words.emplace("told");
    hasPictures(bytes);
    readPdfObjects(bytes, told, [](const ReaderRecord &) {});
    return 0;
}
