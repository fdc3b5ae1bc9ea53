// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"

#include <QDateTime>
#include <QTimeZone>

namespace sealpost::base {

std::string toIso8601(Time time) {
    return QDateTime::fromSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC)
        .toString(Qt::ISODate)
        .toStdString();
}

Time fromIso8601(const std::string &text) {
    const auto parsed = QDateTime::fromString(QString::fromStdString(text), Qt::ISODate);
    return Time(std::chrono::seconds(parsed.isValid() ? parsed.toSecsSinceEpoch() : 0));
}

} // namespace sealpost::base
