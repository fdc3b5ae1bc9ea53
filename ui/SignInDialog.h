// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"
#include "ui/Theme.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace sealpost::ui {

//! Waits while a person signs in to an account's provider, in the system's browser or, with a code,
//! on another device. Accepted once the tokens are kept; closing it gives the sign-in up.
class SignInDialog final : public QDialog {
    Q_OBJECT
public:
    SignInDialog(ComposeService &service, Dialogs &dialogs, const mail::Account &account,
                 QWidget *parent);
    ~SignInDialog() override;

private:
    void begin(submit::SignInWay way);
    void showPlace(const submit::SignInPlace &place);
    void end(const Result<void> &result);
    void say(Tone tone, const QString &text);

    ComposeService &m_service;
    Dialogs &m_dialogs;
    std::string m_account;
    std::stop_source m_stop; //!< of the sign-in that is waited for
    int m_run = 0;           //!< which one that is: an older one is not listened to
    QString m_url;
    QLabel *m_text;
    QLabel *m_code;
    QPushButton *m_again; //!< opens the page once more, or begins anew after a failure
    QPushButton *m_device;
};

} // namespace sealpost::ui
