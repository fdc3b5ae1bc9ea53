// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Theme.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace sealpost::ui {

//! Another password for an account that is there: kept where the server takes it, and accepted
//! then.
class PasswordDialog final : public QDialog {
    Q_OBJECT
public:
    PasswordDialog(ComposeService &service, const mail::Account &account, QWidget *parent);

private:
    void test();
    void keep(const std::shared_ptr<SecretBytes> &password);
    void say(Tone tone, const QString &text);
    void sayWhy(const Error &error);

    ComposeService &m_service;
    mail::Account m_account;
    QLineEdit *m_password;
    QLabel *m_message;
    QPushButton *m_keep;
};

} // namespace sealpost::ui
