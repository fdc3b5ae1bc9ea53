// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"

#include <QDialog>

class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;
class QVBoxLayout;

namespace sealpost::ui {

//! What waits, what ended uncertain with its evidence, and what is done, newest first; and what a
//! person can do about each.
class OutboxView final : public QDialog {
    Q_OBJECT
public:
    OutboxView(ComposeService &service, Dialogs &dialogs, QWidget *parent);
    [[nodiscard]] QTableWidget *table() const { return m_table; }
    [[nodiscard]] QLabel *sentences() const { return m_sentences; }
    [[nodiscard]] QPlainTextEdit *evidence() const { return m_evidence; }
    [[nodiscard]] QPushButton *button(OutboxAct act) const;

signals:
    void loaded();
    void changed();
    //! It is a draft again, and stored as one.
    void takenBack(const sealpost::mail::Draft &draft);

private:
    void buildDetail(QVBoxLayout *column);
    [[nodiscard]] QHBoxLayout *buildButtons();
    void reload();
    void fill(const Result<std::vector<store::OutboxEntry>> &entries);
    void choose(int row);
    void act(OutboxAct act);
    void doAct(std::int64_t id, OutboxAct act);
    void took(const Result<OutboxDone> &done);

    ComposeService &m_service;
    Dialogs &m_dialogs;
    std::vector<store::OutboxEntry> m_entries;
    std::int64_t m_chosen = 0; //!< an entry's number
    QTableWidget *m_table;
    QLabel *m_sentences;
    QPlainTextEdit *m_evidence;
    QPushButton *m_arrived;
    QPushButton *m_notArrived;
    QPushButton *m_again;
    QPushButton *m_takeBack;
    QPushButton *m_discard;
};

} // namespace sealpost::ui
