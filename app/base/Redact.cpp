// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Redact.h"

#include <QString>

namespace sealpost::base {

std::string redacted(std::string_view secret) {
    constexpr qsizetype kShown = 4;
    constexpr qsizetype kLongEnough = 16;
    const auto text =
        QString::fromUtf8(secret.data(), static_cast<qsizetype>(secret.size())).simplified();
    const auto shown = text.size() >= kLongEnough ? text.left(kShown) : QString();
    return QStringLiteral("%1… (%2 characters)").arg(shown).arg(text.size()).toStdString();
}

} // namespace sealpost::base
