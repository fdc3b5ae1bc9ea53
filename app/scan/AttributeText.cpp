// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/AttributeText.h"

#include "scan/XmlTokens.h"

#include <algorithm>
#include <array>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kFewest = 8; //!< characters that say something

std::string_view withoutPrefix(std::string_view name) {
    return name.substr(name.find(':') + 1);
}

//! A number, a colour, an identifier, the name of a schema.
bool isForPrograms(const XmlAttribute &attribute) {
    constexpr auto kOfNumbers = "0123456789abcdefABCDEF{}-+.,:;% "sv;
    constexpr std::array kSchemas = {"http://schemas."sv, "http://purl."sv, "urn:"sv,
                                     "http://www.w3.org/"sv, "application/vnd."sv};
    const std::string_view value = attribute.value;
    return attribute.name.starts_with("xmlns") || value.size() < kFewest ||
           value.find_first_not_of(kOfNumbers) == std::string_view::npos ||
           std::any_of(kSchemas.begin(), kSchemas.end(),
                       [&](std::string_view schema) { return value.starts_with(schema); });
}

bool isName(std::string_view name) {
    return name == "name" || name == "key";
}

bool isValue(std::string_view name) {
    constexpr std::array kValues = {"val"sv, "value"sv, "string-value"sv, "v"sv};
    return std::find(kValues.begin(), kValues.end(), name) != kValues.end();
}

//! Of one element.
void appendLines(const std::vector<XmlAttribute> &attributes, std::string &into) {
    std::string_view name;
    for (const auto &one : attributes) {
        const auto local = withoutPrefix(one.name);
        if (isName(local)) {
            name = one.value;
        }
        const bool named = isValue(local) && !name.empty() && !one.value.empty();
        if (named || !isForPrograms(one)) {
            ((into += named ? name : local) += ": ") += one.value;
            into += '\n';
        }
    }
}

} // namespace

std::string attributeText(std::string_view xml) {
    std::string text;
    XmlTokens tokens(xml);
    while (tokens.next()) {
        if ((tokens.kind() == XmlTokens::Kind::Start || tokens.kind() == XmlTokens::Kind::Empty) &&
            tokens.attributesSize() > kFewest) {
            appendLines(tokens.attributes(), text);
        }
    }
    return text;
}

} // namespace sealpost::scan
