// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QTableWidget;

namespace sealpost::ui {

//! A read-only table of rows that Tab leaves, with the last column stretched.
[[nodiscard]] QTableWidget *makeTable(const QStringList &headers, const QString &name);

} // namespace sealpost::ui
