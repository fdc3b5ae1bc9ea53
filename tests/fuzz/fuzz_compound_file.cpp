// SPDX-License-Identifier: GPL-3.0-or-later
// Compound files, messages of Outlook in them, the RTF of their bodies and embedded files; without
// the rules, which would take most of the time. An input that is RTF is read as that.
#include "scan/CompoundFile.h"
#include "scan/CompressedRtf.h"
#include "scan/OutlookParts.h"
#include "scan/PackagedFile.h"
#include "scan/RichText.h"

#include <cstdint>
#include <cstdlib>

using namespace sealpost;

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void readRtf(std::string_view rtf) {
    const auto rich = scan::readRichText(rtf);
    require(rich.text.size() + rich.aside.size() <= 3 * rtf.size());
    std::size_t objects = 0;
    for (const auto &object : rich.objects) {
        objects += object.size();
        require(!scan::packagedIn(object) || !object.empty());
    }
    require(objects <= rtf.size());
}

void readStreams(const scan::CompoundFile &file) {
    const scan::OutlookParts parts(file);
    std::size_t read = 0;
    for (const auto &stream : file.streams()) {
        const auto content = file.read(stream);
        require(content.size() <= file.size());
        require(!parts.nameOf(stream).empty() || stream.path.empty());
        if (parts.kindOf(stream) == scan::OutlookPart::RichBody) {
            const auto rtf = scan::decompressRtf(content);
            require(rtf.text.size() <= 9 * content.size());
            readRtf(rtf.text);
        }
        if (const auto package = scan::packagedIn(content)) {
            require(package->bytes.size() <= content.size());
        }
        read += content.size();
        if (read > 4 * file.size()) { // as the scanner does
            return;
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    if (scan::looksLikeRichText(bytes)) {
        readRtf(bytes);
    } else if (const auto file = scan::CompoundFile::open(bytes)) {
        readStreams(*file);
    } else {
        readRtf(scan::decompressRtf(bytes).text);
    }
    return 0;
}
