// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PasswordDialog.h"

#include "ui/Announce.h"
#include "ui/Controls.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sealpost::ui {

PasswordDialog::PasswordDialog(ComposeService &service, const mail::Account &account,
                               QWidget *parent)
    : QDialog(parent), m_service(service), m_account(account), m_password(new QLineEdit),
      m_message(makeLabel({})), m_keep(makePrimaryButton(tr("&Test and keep"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Password"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(
        makeLabel(tr("New password of %1").arg(toQString(account.name)), TextStyle::Heading));
    m_password->setEchoMode(QLineEdit::Password);
    describe(m_password, tr("New password"),
             tr("Kept in your computer’s keychain, and nowhere else."));
    column->addWidget(m_password);
    column->addWidget(m_message);
    column->addStretch(1);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *cancel = new QPushButton(tr("&Cancel"));
    describe(cancel, tr("Cancel"), tr("The password stays as it is."));
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(cancel);
    describe(m_keep, tr("Test and keep"),
             tr("Signs in to the server once; the password is kept where that goes well."));
    connect(m_keep, &QPushButton::clicked, this, &PasswordDialog::test);
    row->addWidget(m_keep);
    column->addLayout(row);
    setMinimumSize(420, 200);
}

void PasswordDialog::test() {
    const auto password = std::make_shared<SecretBytes>(m_password->text().toStdString());
    m_keep->setEnabled(false);
    say(Tone::Neutral, tr("Signing in…"));
    onFinished(this, m_service.testAccount(m_account, password),
               [this, password](const submit::SubmitOutcome &outcome) {
                   if (outcome.error) {
                       sayWhy(*outcome.error);
                   } else {
                       keep(password);
                   }
               });
}

void PasswordDialog::keep(const std::shared_ptr<SecretBytes> &password) {
    onFinished(this, m_service.changePassword(m_account.name, password),
               [this](const Result<void> &kept) {
                   if (kept) {
                       accept();
                   } else {
                       sayWhy(kept.error());
                   }
               });
}

void PasswordDialog::sayWhy(const Error &error) {
    m_keep->setEnabled(true);
    say(Tone::Bad, errorLine(error));
}

void PasswordDialog::say(Tone tone, const QString &text) {
    announce(m_message, tone, text);
}

} // namespace sealpost::ui
