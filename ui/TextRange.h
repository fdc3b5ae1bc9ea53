// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Finding.h"

#include <QString>

namespace sealpost::ui {

//! A stretch of a QString, in its own units of UTF-16.
struct TextRange {
    int from = 0;
    int length = 0;
    friend bool operator==(const TextRange &, const TextRange &) = default;
};

//! Where a location is in the text that was scanned, which may have changed since: whole characters
//! inside it, always. Without a length it is the rest of the line.
[[nodiscard]] TextRange rangeOf(const scan::Location &location, const QString &text);

} // namespace sealpost::ui
