// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <string>
#include <string_view>

namespace sealpost::wording {

//! A sentence of ours in the person's language; `text` is marked with QT_TRANSLATE_NOOP or literal.
[[nodiscard]] inline QString tr(const char *text) {
    return QCoreApplication::translate("sealpost", text);
}

[[nodiscard]] inline QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

//! "a", "a and b", "a, b and c"
[[nodiscard]] QString listed(const QStringList &items);

} // namespace sealpost::wording
