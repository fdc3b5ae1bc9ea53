// SPDX-License-Identifier: GPL-3.0-or-later
// What mail programs and documents wrap, in small formats of which each byte may lie.
#include "scan/AttributeText.h"
#include "scan/PictureParts.h"
#include "scan/SignedContent.h"
#include "scan/TnefFile.h"
#include "scan/UuBlocks.h"
#include "scan/VbaProject.h"
#include "scan/WordText.h"

#include <cstdint>
#include <cstdlib>

using namespace sealpost::scan;

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void readAsTnef(std::string_view bytes) {
    const auto file = readTnef(bytes);
    std::size_t size = 0;
    for (const auto properties : file.properties) {
        size += properties.size();
        for (const auto rtf : compressedRtfIn(properties)) {
            require(rtf.size() <= properties.size());
        }
        require(tnefInside(properties).size() <= properties.size());
    }
    for (const auto &attachment : file.attachments) {
        size += attachment.content.size();
    }
    require(size <= bytes.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    readAsTnef(bytes);
    std::size_t encoded = 0;
    for (const auto &file : uuBlocksIn(bytes).files) {
        encoded += file.content.size();
    }
    require(encoded <= size);
    if (const auto macro = vbaSource(bytes)) {
        require(macro->text.size() <= 2048 * size); // 4096 bytes of each two
    }
    require(signedContent(bytes).has_value() == isSignedContent(bytes));
    const auto picture = partsOfPicture(bytes);
    require(picture.behind.size() <= size && picture.beside.size() <= 2 * size);
    if (wordTable(bytes)) {
        const auto half = bytes.substr(size / 2);
        require(wordText(bytes, half).text.size() <= 8 * size); // UTF-8 of twice its characters
    }
    require(attributeText(bytes).size() <= size * size + size);
    return 0;
}
