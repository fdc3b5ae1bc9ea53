// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SignInDialog.h"

#include "ui/Announce.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sealpost::ui {

SignInDialog::SignInDialog(ComposeService &service, Dialogs &dialogs, const mail::Account &account,
                           QWidget *parent)
    : QDialog(parent), m_service(service), m_dialogs(dialogs), m_account(account.name),
      m_text(makeLabel({})), m_code(makeLabel({}, TextStyle::Title)),
      m_again(new QPushButton(tr("&Open the page again"))),
      m_device(makeLinkButton(tr("Sign in on another &device"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Sign in"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(
        makeLabel(tr("Sign in to %1").arg(toQString(account.address.spec())), TextStyle::Heading));
    column->addWidget(m_text);
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    describe(m_code, tr("Code"));
    m_code->hide();
    column->addWidget(m_code);
    describe(m_device, tr("Sign in on another device"),
             tr("Shows an address and a code that you enter in a browser elsewhere."));
    connect(m_device, &QPushButton::clicked, this, [this] { begin(submit::SignInWay::Device); });
    column->addWidget(m_device, 0, Qt::AlignLeft);
    column->addStretch(1);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *cancel = new QPushButton(tr("&Cancel"));
    describe(cancel, tr("Cancel"), tr("The account stays; you can sign in later."));
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(cancel);
    m_again->setAutoDefault(false);
    describe(m_again, tr("Open the page again"));
    connect(m_again, &QPushButton::clicked, this, [this] {
        if (m_url.isEmpty()) {
            begin(submit::SignInWay::Browser);
        } else {
            m_dialogs.openPage(m_url);
        }
    });
    row->addWidget(m_again);
    column->addLayout(row);
    setMinimumSize(460, 220);
    begin(submit::SignInWay::Browser);
}

SignInDialog::~SignInDialog() {
    m_stop.request_stop();
}

void SignInDialog::begin(submit::SignInWay way) {
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_url.clear();
    m_code->hide();
    m_again->setEnabled(false);
    m_device->setVisible(way == submit::SignInWay::Browser);
    say(Tone::Neutral, tr("Asking the provider…"));
    onEvents(this, m_service.signIn(m_account, way, m_stop.get_token()),
             [this, run = ++m_run](const SignInEvent &event) {
                 if (run != m_run) {
                     return;
                 }
                 if (const auto *place = std::get_if<submit::SignInPlace>(&event)) {
                     showPlace(*place);
                 } else {
                     end(std::get<Result<void>>(event));
                 }
             });
}

void SignInDialog::showPlace(const submit::SignInPlace &place) {
    m_url = toQString(place.url);
    m_again->setText(place.code.empty() ? tr("&Open the page again") : tr("&Open it here"));
    describe(m_again, place.code.empty() ? tr("Open the page again") : tr("Open it here"));
    m_again->setEnabled(true);
    if (!place.code.empty()) {
        say(Tone::Neutral, tr("On any device, open %1 and enter this code:").arg(m_url));
        m_code->setText(toQString(place.code));
        describe(m_code, tr("Code %1").arg(m_code->text()));
        m_code->show();
        return;
    }
    say(Tone::Neutral, tr("Your browser shows the provider’s page. Sign in there; Sealpost is "
                          "waiting and goes on by itself."));
    m_dialogs.openPage(m_url);
}

void SignInDialog::end(const Result<void> &result) {
    if (result) {
        accept();
        return;
    }
    m_url.clear();
    m_code->hide();
    m_device->show();
    m_again->setText(tr("&Try again"));
    describe(m_again, tr("Try again"));
    m_again->setEnabled(true);
    say(Tone::Bad, errorLine(result.error()));
}

void SignInDialog::say(Tone tone, const QString &text) {
    announce(m_text, tone, text);
}

} // namespace sealpost::ui
