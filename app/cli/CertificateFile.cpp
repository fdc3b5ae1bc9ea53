// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CertificateFile.h"

#include "base/Text.h"

#include <cstddef>

namespace sealpost::cli {

namespace {

//! The content of a SEQUENCE, in DER or with BER's indefinite length; empty where it is none.
std::string_view sequenceContent(std::string_view bytes) {
    constexpr unsigned char kSequence = 0x30;
    constexpr unsigned char kLongForm = 0x80;
    if (bytes.size() < 2 || static_cast<unsigned char>(bytes[0]) != kSequence) {
        return {};
    }
    const auto length = static_cast<unsigned char>(bytes[1]);
    const std::size_t more = length > kLongForm ? length - kLongForm : 0;
    return bytes.size() > 2 + more ? bytes.substr(2 + more) : std::string_view();
}

} // namespace

bool isPkcs12(std::string_view bytes, std::string_view fileName) {
    constexpr std::string_view kVersion3("\x02\x01\x03", 3); // INTEGER 3
    const auto name = base::asciiLower(fileName);
    return sequenceContent(bytes).starts_with(kVersion3) || name.ends_with(".p12") ||
           name.ends_with(".pfx");
}

} // namespace sealpost::cli
