// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Text.h"

#include <QString>
#include <QUtf8StringView>
#include <algorithm>
#include <string>
#include <string_view>

namespace sealpost::mail {

[[nodiscard]] inline bool isUtf8(std::string_view text) {
    return QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8();
}

//! Whether valid UTF-8 has characters that change how what stands beside them is shown:
//! bidirectional overrides and isolates, zero-width characters, line and paragraph separators. In a
//! name they serve to deceive ("exe.fdp" shown as "pdf.exe" and the like).
[[nodiscard]] inline bool hasFormatCharacters(std::string_view text) {
    const auto deceives = [](QChar c) {
        const auto code = c.unicode();
        return code == 0x200B || code == 0x200E || code == 0x200F ||
               (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069) ||
               code == 0xFEFF;
    };
    const auto wide = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    return std::any_of(wide.begin(), wide.end(), deceives);
}

inline constexpr qsizetype kShownInSentence = 120;

//! The text as it may stand in a sentence: valid UTF-8 of one line, at most so many characters.
[[nodiscard]] inline std::string printable(std::string_view text,
                                           qsizetype most = kShownInSentence) {
    auto wide = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    for (auto &c : wide) {
        const bool breaks =
            c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
            c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
        if (breaks) {
            c = QChar::ReplacementCharacter;
        }
    }
    return wide.size() <= most ? wide.toStdString()
                               : (wide.left(most) + QChar(0x2026)).toStdString();
}

} // namespace sealpost::mail
