// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/SignedContent.h"

#include "scan/BerElement.h"

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr char kInteger = 0x02;
constexpr char kOctets = 0x04;
constexpr char kOid = 0x06;
constexpr char kPieces = 0x24; //!< of an octet string
constexpr char kSequence = 0x30;
constexpr char kSet = 0x31;
constexpr auto kExplicit = static_cast<char>(0xA0);

//= RFC 5652 §3 (ContentInfo), §5.1 (SignedData), §5.2 (EncapsulatedContentInfo)
std::optional<std::string_view> octets(std::string_view bytes) {
    const auto outer = berElement(bytes, kSequence);
    const auto type = outer ? berElement(outer->content, kOid) : std::nullopt;
    if (!type || type->content != "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"sv) {
        return std::nullopt;
    }
    const auto wrapped = berElement(type->rest, kExplicit);
    const auto data = wrapped ? berElement(wrapped->content, kSequence) : std::nullopt;
    const auto version = data ? berElement(data->content, kInteger) : std::nullopt;
    const auto digests = version ? berElement(version->rest, kSet) : std::nullopt;
    const auto inside = digests ? berElement(digests->rest, kSequence) : std::nullopt;
    const auto kind = inside ? berElement(inside->content, kOid) : std::nullopt;
    const auto content = kind ? berElement(kind->rest, kExplicit) : std::nullopt;
    return content ? std::optional(content->content) : std::nullopt;
}

} // namespace

bool isSignedContent(std::string_view bytes) {
    const auto found = octets(bytes);
    return found && (berElement(*found, kOctets) || berElement(*found, kPieces));
}

std::optional<std::string> signedContent(std::string_view bytes) {
    const auto found = octets(bytes);
    if (!found) {
        return std::nullopt;
    }
    if (const auto whole = berElement(*found, kOctets)) {
        return std::string(whole->content);
    }
    const auto pieces = berElement(*found, kPieces);
    if (!pieces) {
        return std::nullopt;
    }
    std::string content;
    auto rest = pieces->content;
    for (auto piece = berElement(rest, kOctets); piece; piece = berElement(rest, kOctets)) {
        content += piece->content;
        rest = piece->rest;
    }
    return content;
}

} // namespace sealpost::scan
