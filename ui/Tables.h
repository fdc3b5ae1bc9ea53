// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QTableWidget;

namespace sealpost::ui {

//! A read-only table of rows that Tab leaves, with the last column stretched.
[[nodiscard]] QTableWidget *makeTable(const QStringList &headers, const QString &name);
//! Each column as wide as its contents, but for the last, which takes the rest.
void fitColumns(QTableWidget *table);

} // namespace sealpost::ui
