// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Text.h"

namespace sealpost::cli {

namespace {

bool turnsDirection(char16_t unit) {
    return (unit >= 0x202A && unit <= 0x202E) || (unit >= 0x2066 && unit <= 0x2069) ||
           unit == 0x200E || unit == 0x200F;
}

} // namespace

QString toQString(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString pathText(const std::filesystem::path &path) {
    const auto utf8 = path.u8string();
    return toQString(std::string_view(reinterpret_cast<const char *>(utf8.data()), utf8.size()));
}

std::filesystem::path toPath(const std::string &utf8) {
    return {std::u8string(utf8.begin(), utf8.end())};
}

QString printable(const QString &text) {
    QString result = text;
    for (auto &character : result) {
        const auto unit = character.unicode();
        const auto control = unit < 0x20 || (unit >= 0x7F && unit < 0xA0);
        if ((control && unit != u'\n') || turnsDirection(unit)) {
            character = QChar::ReplacementCharacter;
        }
    }
    return result;
}

} // namespace sealpost::cli
