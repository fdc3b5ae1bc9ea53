// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/PlanActions.h"

#include <QDialog>
#include <map>
#include <vector>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! The pre-send warning: what was found, how each person gets it, and what is owed; with one
//! recommended action. Emits actionChosen() once and closes.
class PlanDialog final : public QDialog {
    Q_OBJECT
public:
    PlanDialog(PlanPtr plan, QWidget *parent);

    [[nodiscard]] send::Approvals approvals() const;
    [[nodiscard]] QPushButton *recommendedButton() const { return m_recommended; }
    //! The button that sends; none where somebody is blocked.
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }

signals:
    void actionChosen(const sealpost::ui::PlanAction &action);
    void evidenceRequested(const sealpost::mail::Address &address);

private:
    void addFound(QVBoxLayout *content);
    [[nodiscard]] QWidget *makeFinding(const scan::Finding &finding);
    void addRecipients(QVBoxLayout *content);
    void addOwed(QVBoxLayout *content);
    void addConfirmation(QVBoxLayout *content, const routing::Owed &owed);
    void addJustification(QVBoxLayout *content, const std::vector<routing::Owed> &owed);
    [[nodiscard]] QWidget *makeButtons();
    [[nodiscard]] QPushButton *makeActionButton(const PlanAction &action, bool recommended);
    void choose(const PlanAction &action);
    void refresh();

    PlanPtr m_plan;
    PlanActions m_actions;
    std::multimap<std::string, QCheckBox *> m_boxes; //!< by Owed::id
    QPlainTextEdit *m_justification = nullptr;
    QLabel *m_missing = nullptr;
    QPushButton *m_recommended = nullptr;
    QPushButton *m_send = nullptr;
};

} // namespace sealpost::ui
