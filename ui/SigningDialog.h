// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Theme.h"

#include <QDialog>

class QButtonGroup;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! Which of the person's own certificates an account signs with: the best one each time, or one
//! that is chosen here.
class SigningDialog final : public QDialog {
    Q_OBJECT
public:
    SigningDialog(ComposeService &service, const mail::Account &account, QWidget *parent);
    //! Empty: the best one each time.
    [[nodiscard]] std::string chosen() const;

signals:
    void loaded();

private:
    void fill(const Result<KeyRing> &ring);
    void addChoice(const QString &title, const QString &detail, const std::string &fingerprint);
    void keep();
    void say(Tone tone, const QString &text);
    void sayWhy(const Error &error);

    ComposeService &m_service;
    mail::Account m_account;
    QButtonGroup *m_choices;
    std::vector<std::string> m_fingerprints; //!< by the choice's number
    QVBoxLayout *m_rows;
    QLabel *m_message;
    QPushButton *m_keep;
};

} // namespace sealpost::ui
