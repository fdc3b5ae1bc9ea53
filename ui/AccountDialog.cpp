// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/AccountDialog.h"

#include "ui/Announce.h"
#include "ui/Controls.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/PasswordDialog.h"
#include "ui/SignInDialog.h"
#include "ui/SigningDialog.h"
#include "ui/Tables.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

namespace sealpost::ui {

AccountDialog::AccountDialog(ComposeService &service, Dialogs &dialogs, QWidget *parent)
    : QDialog(parent), m_service(service), m_dialogs(dialogs),
      m_table(makeTable({tr("Name"), tr("Address"), tr("Server")}, tr("Accounts"))),
      m_remove(makeLinkButton(tr("&Remove the chosen account"))),
      m_changePassword(makeLinkButton(tr("Change the pass&word…"))),
      m_signIn(makeLinkButton(tr("Sign &in again…"))),
      m_signWith(makeLinkButton(tr("Signing certi&ficate…"))), m_name(new QLineEdit),
      m_address(new QLineEdit), m_host(new QLineEdit), m_tls(new ComboBox), m_port(new QSpinBox),
      m_user(new QLineEdit), m_way(new ComboBox), m_issuer(new QLineEdit), m_client(new QLineEdit),
      m_scope(new QLineEdit), m_imap(new QLineEdit), m_password(new QLineEdit),
      m_message(makeLabel({})), m_add(makePrimaryButton(tr("&Test and add"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Accounts"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("Accounts"), TextStyle::Title));
    m_table->setMinimumHeight(110);
    column->addWidget(m_table, 1);
    describe(m_remove, tr("Remove the chosen account"),
             tr("Removes the account and its password from this computer, after asking."));
    m_remove->setEnabled(false);
    connect(m_remove, &QPushButton::clicked, this, &AccountDialog::removeChosen);
    describe(m_signIn, tr("Sign in again"),
             tr("Signs in to the chosen account's provider in your browser, where it wants that "
                "instead of a password."));
    connect(m_signIn, &QPushButton::clicked, this, [this] {
        if (const auto *account = chosen()) {
            signIn(*account);
        }
    });
    describe(m_changePassword, tr("Change the password"),
             tr("Asks for the chosen account's new password, and tries it."));
    connect(m_changePassword, &QPushButton::clicked, this, [this] {
        if (const auto *account = chosen()) {
            changePassword(*account);
        }
    });
    describe(m_signWith, tr("Signing certificate"),
             tr("Which of your certificates messages from the chosen account are signed with."));
    connect(m_signWith, &QPushButton::clicked, this, [this] {
        if (const auto *account = chosen()) {
            signWith(*account);
        }
    });
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &AccountDialog::chosenChanged);
    auto *links = new QHBoxLayout;
    links->setSpacing(kSpaceL);
    links->addWidget(m_remove);
    links->addWidget(m_changePassword);
    links->addWidget(m_signIn);
    links->addWidget(m_signWith);
    links->addStretch(1);
    column->addLayout(links);
    column->addWidget(makeLabel(tr("Add an account"), TextStyle::Heading));
    column->addLayout(makeForm());
    column->addWidget(m_message);
    auto *row = new QHBoxLayout;
    auto *close = new QPushButton(tr("&Close"));
    close->setAutoDefault(false);
    describe(close, tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_add, &QPushButton::clicked, this, &AccountDialog::testAndAdd);
    row->addStretch(1);
    row->addWidget(close);
    row->addWidget(m_add);
    column->addLayout(row);
    connect(m_address, &QLineEdit::editingFinished, this, &AccountDialog::lookUp);
    connect(m_host, &QLineEdit::textChanged, this, &AccountDialog::hostChanged);
    connect(m_way, &QComboBox::currentIndexChanged, this, &AccountDialog::showWay);
    resize(620, 640);
    chosenChanged();
    showWay();
    reload();
}

AccountDialog::~AccountDialog() {
    m_stop.request_stop();
}

const mail::Account *AccountDialog::chosen() const {
    const int row = m_table->currentRow();
    const auto index = static_cast<std::size_t>(std::max(row, 0));
    return row >= 0 && index < m_accounts.size() ? &m_accounts[index] : nullptr;
}

void AccountDialog::chosenChanged() {
    const auto *account = chosen();
    m_remove->setEnabled(account != nullptr);
    m_signWith->setVisible(account != nullptr);
    m_signIn->setVisible(account != nullptr && account->signIn == mail::SignIn::OAuth);
    m_changePassword->setVisible(account != nullptr && account->signIn == mail::SignIn::Password &&
                                 !account->userName.empty());
}

//! Asks the address's domain what the account needs, unless the person has said it.
void AccountDialog::lookUp() {
    auto address = mail::Address::parse(m_address->text().trimmed().toStdString());
    const bool typed = !m_host->text().trimmed().isEmpty() && !m_found;
    if (!address || typed || address->spec() == m_lookedUp) {
        return;
    }
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_found.reset();
    m_lookedUp = address->spec();
    say(Tone::Neutral, tr("Looking up the settings of %1…").arg(toQString(address->domain())));
    onFinished(this, m_service.findAccount(*address, m_stop.get_token()),
               [this, asked = m_lookedUp,
                before = m_host->text()](const Result<std::optional<submit::FoundAccount>> &found) {
                   if (asked != m_lookedUp || m_host->text() != before) {
                       return; // the person was faster
                   }
                   if (found && *found) {
                       fillIn(**found);
                       return;
                   }
                   const auto text = found ? wording::ErrorText{} : wording::text(found.error());
                   say(Tone::Neutral, (text.what + QLatin1Char(' ') + text.next).trimmed());
               });
}

void AccountDialog::fillIn(const submit::FoundAccount &found) {
    const auto host = toQString(mail::toULabelDomain(found.account.host));
    m_found = found;
    m_host->setText(host);
    m_tls->setCurrentIndex(m_tls->findData(static_cast<int>(found.account.tls)));
    m_port->setValue(static_cast<int>(found.account.port));
    m_user->setText(toQString(found.account.userName));
    m_way->setCurrentIndex(m_way->findData(static_cast<int>(found.account.signIn)));
    if (found.account.signIn == mail::SignIn::OAuth) {
        m_issuer->setText(toQString(found.account.oauth.issuer));
        m_client->setText(toQString(found.account.oauth.clientId));
        m_scope->setText(toQString(found.account.oauth.scope));
    }
    if (!found.account.imapHost.empty() && m_imap->text().trimmed().isEmpty()) {
        m_imap->setText(QStringLiteral("%1:%2")
                            .arg(toQString(mail::toULabelDomain(found.account.imapHost)))
                            .arg(static_cast<int>(found.account.imapPort)));
    }
    if (!found.certain) {
        say(Tone::Caution,
            tr("The domain names %1 as its mail server, but nobody vouches for that. "
               "Look whether that name is right.")
                .arg(host));
    } else if (signsInByPage()) {
        say(Tone::Good, tr("Found. You sign in on your provider’s own page, in your browser."));
    } else {
        say(Tone::Good, tr("Found. Your password is all that is missing."));
    }
}

bool AccountDialog::signsInByPage() const {
    return m_way->currentData().toInt() == static_cast<int>(mail::SignIn::OAuth);
}

//! Another server than the found one is asked for a password, until the person says otherwise.
void AccountDialog::hostChanged() {
    const auto host = mail::toALabelDomain(m_host->text().trimmed().toStdString());
    if (m_found && (!host || *host != m_found->account.host)) {
        m_found.reset();
        m_way->setCurrentIndex(m_way->findData(static_cast<int>(mail::SignIn::Password)));
    }
}

void AccountDialog::showWay() {
    const bool page = signsInByPage();
    for (QWidget *row : {m_issuer, m_client, m_scope}) {
        m_form->setRowVisible(row, page);
    }
    m_form->setRowVisible(m_password, !page);
    m_add->setText(page ? tr("&Add and sign in…") : tr("&Test and add"));
    describe(m_add, page ? tr("Add and sign in") : tr("Test and add"),
             page ? tr("Adds the account, and opens your provider’s page in your browser.")
                  : tr("Signs in to the server once; the account is added where that goes well."));
}

//! The ways to sign in, and what an OpenID provider needs.
void AccountDialog::addSignInRows() {
    describe(m_way, tr("Sign-in"), tr("How your mail server knows that it is you."));
    m_way->setObjectName(QStringLiteral("signIn"));
    m_way->addItem(tr("With a password"), static_cast<int>(mail::SignIn::Password));
    m_way->addItem(tr("On your provider’s page (OAuth 2.0)"),
                   static_cast<int>(mail::SignIn::OAuth));
    describe(m_issuer, tr("Provider"),
             tr("The address of the OpenID provider, such as https://id.justice.example. Your "
                "helpdesk knows it."));
    m_issuer->setPlaceholderText(QStringLiteral("https://"));
    describe(m_client, tr("Client id"),
             tr("What Sealpost is registered as with the provider. Left empty, it is what your "
                "organisation’s policy says."));
    describe(m_scope, tr("Asked for"),
             tr("What Sealpost asks the provider for (scope): words with spaces between."));
    m_scope->setText(QStringLiteral("openid offline_access"));
    m_form->addRow(tr("Si&gn-in"), m_way);
    m_form->addRow(tr("Pro&vider"), m_issuer);
    m_form->addRow(tr("C&lient id"), m_client);
    m_form->addRow(tr("As&ked for"), m_scope);
}

QFormLayout *AccountDialog::makeForm() {
    auto *form = m_form = new QFormLayout;
    form->setHorizontalSpacing(kSpaceM);
    form->setVerticalSpacing(kSpaceS);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    describe(m_address, tr("E-mail address"), tr("The address that you send from."));
    describe(m_name, tr("Name of the account"),
             tr("A short name, such as Work. Left empty, it is the address."));
    describe(m_host, tr("Server"), tr("The outgoing mail server, such as smtp.justice.example."));
    describe(m_tls, tr("Encryption"),
             tr("How the connection is encrypted. There is no way without."));
    m_tls->addItem(tr("TLS from the start (port 465)"),
                   static_cast<int>(mail::SubmissionTls::Implicit));
    m_tls->addItem(tr("STARTTLS (port 587)"), static_cast<int>(mail::SubmissionTls::StartTls));
    describe(m_port, tr("Port"), tr("Usually 465 or 587."));
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setRange(1, 65535);
    m_port->setValue(465);
    connect(m_tls, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_port->setValue(index == 0 ? 465 : 587); });
    describe(m_user, tr("User name"), tr("Often the e-mail address. Left empty, it is that."));
    describe(
        m_imap, tr("Mailbox server"),
        tr("The server of your mailbox (IMAP), such as imap.justice.example. Copies of what you "
           "send are put into its Sent folder, encrypted for you. Left empty, they stay on "
           "this computer."));
    m_imap->setPlaceholderText(tr("For copies in your Sent folder; may stay empty"));
    m_password->setEchoMode(QLineEdit::Password);
    describe(m_password, tr("Password"), tr("Kept in your computer’s keychain, and nowhere else."));
    form->addRow(tr("&E-mail address"), m_address);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Server"), m_host);
    auto *connection = new QHBoxLayout;
    connection->setSpacing(kSpaceM);
    auto *port = new QLabel(tr("P&ort"));
    port->setBuddy(m_port);
    connection->addWidget(m_tls, 1);
    connection->addWidget(port);
    connection->addWidget(m_port);
    auto *encryption = new QLabel(tr("Encr&yption"));
    encryption->setBuddy(m_tls);
    form->addRow(encryption, connection);
    form->addRow(tr("&User name"), m_user);
    addSignInRows();
    form->addRow(tr("&Password"), m_password);
    form->addRow(tr("&Mailbox server"), m_imap);
    return form;
}

Result<mail::Account> AccountDialog::entered() const {
    auto address = mail::Address::parse(m_address->text().trimmed().toStdString());
    if (!address) {
        return fail(address.error());
    }
    auto host = mail::toALabelDomain(m_host->text().trimmed().toStdString());
    if (!host) {
        return fail(host.error());
    }
    mail::Account account;
    account.address = std::move(*address);
    account.host = std::move(*host);
    account.name = m_name->text().trimmed().toStdString();
    if (account.name.empty()) {
        account.name = account.address.spec();
    }
    account.port = Port(static_cast<std::uint16_t>(m_port->value()));
    account.tls = static_cast<mail::SubmissionTls>(m_tls->currentData().toInt());
    account.userName = m_user->text().trimmed().toStdString();
    if (account.userName.empty()) {
        account.userName = account.address.spec();
    }
    if (m_found && account.host == m_found->account.host) {
        account.provider = m_found->account.provider;
    }
    auto signing = takeSignIn(std::move(account));
    return signing ? takeImap(std::move(*signing)) : signing;
}

Result<mail::Account> AccountDialog::takeSignIn(mail::Account account) const {
    if (!signsInByPage()) {
        return account;
    }
    const auto typed = [](const QLineEdit *field) { return field->text().trimmed().toStdString(); };
    account.signIn = mail::SignIn::OAuth;
    account.oauth = {typed(m_issuer), typed(m_client), {}, typed(m_scope)};
    if (!account.oauth.issuer.starts_with("https://")) {
        return fail("http.url", "account", Reaction::FixInput, {}, account.oauth.issuer);
    }
    if (m_found && m_found->account.oauth.issuer == account.oauth.issuer &&
        m_found->account.oauth.clientId == account.oauth.clientId) {
        account.oauth.clientSecret = m_found->account.oauth.clientSecret;
    }
    return account;
}

//! The server of the mailbox, where one was entered.
Result<mail::Account> AccountDialog::takeImap(mail::Account account) const {
    const auto text = m_imap->text().trimmed();
    if (text.isEmpty()) {
        return account;
    }
    const auto parts = text.split(QLatin1Char(':'));
    auto host = mail::toALabelDomain(parts.front().toStdString());
    if (!host) {
        return fail(host.error());
    }
    bool isNumber = parts.size() == 1;
    const auto port =
        isNumber ? static_cast<std::uint16_t>(account.imapPort) : parts.at(1).toUShort(&isNumber);
    if (!isNumber || port == 0 || parts.size() > 2) {
        return fail("account.bad-server", "account", Reaction::FixInput, {}, text.toStdString());
    }
    account.imapHost = std::move(*host);
    account.imapPort = Port{port};
    return account;
}

void AccountDialog::reload() {
    onFinished(this, m_service.accounts(),
               [this](const Result<std::vector<mail::Account>> &accounts) { fill(accounts); });
}

void AccountDialog::fill(const Result<std::vector<mail::Account>> &accounts) {
    m_table->setRowCount(0);
    m_accounts = accounts ? *accounts : std::vector<mail::Account>();
    if (!accounts) {
        say(Tone::Bad, errorLine(accounts.error()));
        return;
    }
    m_table->setRowCount(static_cast<int>(accounts->size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto &one = (*accounts)[static_cast<std::size_t>(row)];
        m_table->setItem(row, 0, new QTableWidgetItem(toQString(one.name)));
        m_table->setItem(row, 1, new QTableWidgetItem(toQString(one.address.forDisplay())));
        m_table->setItem(row, 2,
                         new QTableWidgetItem(QStringLiteral("%1:%2")
                                                  .arg(toQString(mail::toULabelDomain(one.host)))
                                                  .arg(static_cast<int>(one.port))));
    }
    fitColumns(m_table);
    chosenChanged();
}

void AccountDialog::setBusy(bool busy) {
    m_add->setEnabled(!busy);
}

void AccountDialog::say(Tone tone, const QString &text) {
    announce(m_message, tone, text);
}

void AccountDialog::testAndAdd() {
    const auto account = entered();
    if (!account) {
        const auto text = wording::text(account.error());
        say(Tone::Bad, text.what + QLatin1Char(' ') + text.next);
        return;
    }
    if (account->signIn == mail::SignIn::OAuth) {
        addAndSignIn(*account);
        return;
    }
    auto password = std::make_shared<SecretBytes>(m_password->text().toStdString());
    setBusy(true);
    say(Tone::Neutral, tr("Signing in…"));
    onFinished(this, m_service.testAccount(*account, password),
               [this, account = *account, password](const submit::SubmitOutcome &outcome) {
                   if (!outcome.error) {
                       add(account, password);
                       return;
                   }
                   setBusy(false);
                   say(Tone::Bad, errorLine(*outcome.error));
               });
}

//! The account first: its name says where the tokens are kept.
void AccountDialog::addAndSignIn(const mail::Account &account) {
    setBusy(true);
    onFinished(this, m_service.addAccount(account, std::make_shared<SecretBytes>()),
               [this, account](const Result<void> &added) {
                   setBusy(false);
                   if (!added) {
                       say(Tone::Bad, errorLine(added.error()));
                       return;
                   }
                   say(Tone::Neutral, tr("Added. It sends once you have signed in."));
                   reload();
                   emit accountsChanged();
                   signIn(account);
               });
}

void AccountDialog::changePassword(const mail::Account &account) {
    auto *dialog = new PasswordDialog(m_service, account, this);
    connect(dialog, &QDialog::accepted, this,
            [this] { say(Tone::Good, tr("The new password is kept.")); });
    dialog->open();
}

void AccountDialog::signWith(const mail::Account &account) {
    auto *dialog = new SigningDialog(m_service, account, this);
    connect(dialog, &QDialog::accepted, this, [this] {
        say(Tone::Good, tr("Kept. It holds for the next message."));
        reload();
        emit accountsChanged();
    });
    dialog->open();
}

void AccountDialog::signIn(const mail::Account &account) {
    auto *dialog = new SignInDialog(m_service, m_dialogs, account, this);
    connect(dialog, &QDialog::accepted, this, [this] { say(Tone::Good, tr("Signed in.")); });
    dialog->open();
}

void AccountDialog::add(const mail::Account &account,
                        const std::shared_ptr<SecretBytes> &password) {
    onFinished(this, m_service.addAccount(account, password), [this](const Result<void> &added) {
        setBusy(false);
        if (!added) {
            say(Tone::Bad, errorLine(added.error()));
            return;
        }
        m_password->clear();
        say(Tone::Good, tr("Added."));
        reload();
        emit accountsChanged();
    });
}

void AccountDialog::removeChosen() {
    const int row = m_table->currentRow();
    if (row < 0) {
        return;
    }
    const auto name = m_table->item(row, 0)->text();
    m_dialogs.ask(this,
                  {tr("Remove the account %1?").arg(name),
                   tr("Its password is removed from the keychain too. Mail that was sent is not "
                      "touched."),
                   tr("&Remove"),
                   tr("&Keep"),
                   {}},
                  [this, name](bool yes) {
                      if (!yes) {
                          return;
                      }
                      onFinished(this, m_service.removeAccount(name.toStdString()),
                                 [this](const Result<void> &removed) {
                                     if (!removed) {
                                         m_dialogs.error(this, wording::text(removed.error()));
                                     }
                                     reload();
                                     emit accountsChanged();
                                 });
                  });
}

} // namespace sealpost::ui
