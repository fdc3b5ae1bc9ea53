// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QDialog>

class QTableWidget;
class QVBoxLayout;

namespace sealpost::ui {

//! The audit journal, newest first, with whether its chain is whole.
class JournalView final : public QDialog {
    Q_OBJECT
public:
    JournalView(ComposeService &service, QWidget *parent);
    [[nodiscard]] QTableWidget *table() const { return m_table; }

signals:
    void loaded();

private:
    void fill(const Result<JournalContents> &journal);

    QVBoxLayout *m_verdict;
    QTableWidget *m_table;
};

} // namespace sealpost::ui
