// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Skeleton.h"

#include "base/ConfusableTable.h"

#include <QString>
#include <charconv>
#include <unordered_map>

namespace sealpost::base {

namespace {

using Prototypes = std::unordered_map<char32_t, std::u32string>;

char32_t takeHex(std::string_view &from) {
    std::uint32_t code = 0;
    const auto *end = from.data() + from.size();
    const auto *after = std::from_chars(from.data(), end, code, 16).ptr;
    from.remove_prefix(static_cast<std::size_t>(after - from.data()));
    return static_cast<char32_t>(code);
}

Prototypes readTable() {
    Prototypes prototypes;
    auto rest = kConfusables;
    while (!rest.empty()) {
        auto &prototype = prototypes[takeHex(rest)];
        while (rest.front() != ' ') {
            rest.remove_prefix(1); // the sign between two code points
            prototype += takeHex(rest);
        }
        rest.remove_prefix(1);
    }
    return prototypes;
}

std::u32string decomposed(const QString &text) {
    return text.normalized(QString::NormalizationForm_D).toStdU32String();
}

} // namespace

std::u32string skeleton(std::string_view text) {
    static const auto kPrototypes = readTable();
    std::u32string mapped;
    for (const auto code :
         decomposed(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())))) {
        const auto found = kPrototypes.find(code);
        mapped += found == kPrototypes.end() ? std::u32string(1, code) : found->second;
    }
    std::u32string out;
    for (auto code : decomposed(QString::fromStdU32String(mapped))) {
        if (code >= U'A' && code <= U'Z') {
            code += U'a' - U'A';
        }
        if (code == U'v' && !out.empty() && out.back() == U'v') {
            out.back() = U'w';
        } else {
            out += code;
        }
    }
    return out;
}

} // namespace sealpost::base
