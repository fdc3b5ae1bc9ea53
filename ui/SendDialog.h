// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! Shows a sending: progress with a way to stop it until the server has all of it, then the
//! receipt, or what went wrong.
class SendDialog final : public QDialog {
    Q_OBJECT
public:
    SendDialog(PlanPtr plan, QWidget *parent);

    void showStep(const SendStepAt &at);
    void showReceipts(const std::vector<send::Receipt> &receipts);
    void showError(const Error &error);
    [[nodiscard]] bool canStop() const { return m_canStop; }
    [[nodiscard]] QString title() const;
    void reject() override; //!< stops while it can, closes once it has ended

signals:
    void stopRequested();
    void tryAgainRequested();
    void saveRequested();

private:
    enum class Phase { Sending, Ended };
    void addReceiptRows(const std::vector<send::Receipt> &receipts);
    void addErrorOf(const std::vector<send::Receipt> &receipts);
    QPushButton *addButton(QPushButton *button, const QString &help = {});
    void clearPage();
    void fitHeight();
    void setTitle(const QString &title);

    PlanPtr m_plan;
    Phase m_phase = Phase::Sending;
    bool m_canStop = true;
    QLabel *m_title;
    QVBoxLayout *m_page;
    QVBoxLayout *m_buttonColumn;
    QLabel *m_step = nullptr;
    QProgressBar *m_bar = nullptr;
    QPushButton *m_stop = nullptr;
};

} // namespace sealpost::ui
