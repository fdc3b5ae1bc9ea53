// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/TextRange.h"

#include <algorithm>

namespace sealpost::ui {
namespace {

//! Past `count` characters, of which those outside the first plane take two units each.
qsizetype forward(const QString &text, qsizetype at, std::uint32_t count) {
    for (; count > 0 && at < text.size(); --count) {
        const bool pair = text.at(at).isHighSurrogate() && at + 1 < text.size() &&
                          text.at(at + 1).isLowSurrogate();
        at += pair ? 2 : 1;
    }
    return at;
}

} // namespace

TextRange rangeOf(const scan::Location &location, const QString &text) {
    qsizetype start = 0;
    for (std::uint32_t line = 1; line < location.line; ++line) {
        const auto end = text.indexOf(QLatin1Char('\n'), start);
        if (end < 0) {
            break;
        }
        start = end + 1;
    }
    const auto lineEnd = text.indexOf(QLatin1Char('\n'), start);
    const auto end = lineEnd < 0 ? text.size() : lineEnd;
    const auto from =
        std::min(forward(text, start, location.column > 0 ? location.column - 1 : 0), end);
    const auto to = location.length > 0 ? forward(text, from, location.length) : end;
    return {static_cast<int>(from), static_cast<int>(to - from)};
}

} // namespace sealpost::ui
