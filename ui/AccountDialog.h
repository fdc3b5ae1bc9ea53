// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"
#include "ui/Theme.h"

#include <QDialog>
#include <optional>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace sealpost::ui {

//! The accounts to send from: those that are there, and a form for one more.
class AccountDialog final : public QDialog {
    Q_OBJECT
public:
    AccountDialog(ComposeService &service, Dialogs &dialogs, QWidget *parent);
    ~AccountDialog() override;
    //! What the form says; FixInput "address.…", "domain.…" or "account.no-name".
    [[nodiscard]] Result<mail::Account> entered() const;
    [[nodiscard]] Result<mail::Account> takeImap(mail::Account account) const;
    //! How it signs in, where that is by the provider's page; FixInput "http.url".
    [[nodiscard]] Result<mail::Account> takeSignIn(mail::Account account) const;

signals:
    void accountsChanged();

private:
    [[nodiscard]] QFormLayout *makeForm();
    void addSignInRows();
    void reload();
    void fill(const Result<std::vector<mail::Account>> &accounts);
    void lookUp();
    void fillIn(const submit::FoundAccount &found);
    void hostChanged();
    void showWay();
    [[nodiscard]] bool signsInByPage() const;
    void addAndSignIn(const mail::Account &account);
    void signIn(const mail::Account &account);
    void changePassword(const mail::Account &account);
    void signWith(const mail::Account &account);
    [[nodiscard]] const mail::Account *chosen() const;
    void chosenChanged();
    void testAndAdd();
    void add(const mail::Account &account, const std::shared_ptr<SecretBytes> &password);
    void removeChosen();
    void setBusy(bool busy);
    void say(Tone tone, const QString &text);

    ComposeService &m_service;
    Dialogs &m_dialogs;
    QTableWidget *m_table;
    QPushButton *m_remove;
    QPushButton *m_changePassword; //!< for the chosen account, where it has one
    QPushButton *m_signIn;         //!< for the chosen account, where it has OAuth
    QPushButton *m_signWith;
    std::vector<mail::Account> m_accounts;
    std::optional<submit::FoundAccount> m_found; //!< what the address's domain says
    std::string m_lookedUp;                      //!< the address that it was asked about
    std::stop_source m_stop;
    QLineEdit *m_name;
    QLineEdit *m_address;
    QLineEdit *m_host;
    QComboBox *m_tls;
    QSpinBox *m_port;
    QLineEdit *m_user;
    QComboBox *m_way; //!< mail::SignIn
    QLineEdit *m_issuer;
    QLineEdit *m_client; //!< empty: as policy says
    QLineEdit *m_scope;
    QLineEdit *m_imap; //!< "host" or "host:port"
    QLineEdit *m_password;
    QFormLayout *m_form = nullptr;
    QLabel *m_message;
    QPushButton *m_add;
};

} // namespace sealpost::ui
