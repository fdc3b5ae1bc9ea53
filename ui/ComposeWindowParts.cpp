// SPDX-License-Identifier: GPL-3.0-or-later
// ComposeWindow's menus, banner and foot: what it is made of, apart from what it does.
#include "ui/ComposeForm.h"
#include "ui/ComposeWindow.h"
#include "ui/DraftKeeper.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/ScrollArea.h"
#include "ui/StatusLine.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace sealpost::ui {

void ComposeWindow::buildBody() {
    auto *central = new QWidget;
    auto *outer = new QVBoxLayout(central);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    if (m_mode == StartMode::Practice) {
        outer->addWidget(makeBanner());
    }
    auto *column = new QVBoxLayout;
    column->setContentsMargins(kSpaceL, kSpaceM, kSpaceL, kSpaceM);
    column->setSpacing(kSpaceM);
    m_notices = new QVBoxLayout;
    m_notices->setSpacing(kSpaceS);
    column->addLayout(m_notices);
    column->addWidget(scrolledForm(), 1);
    column->addWidget(makeFoot());
    outer->addLayout(column, 1);
    setCentralWidget(central);
}

//! Where there is less height than the form needs, it is scrolled rather than squeezed.
QWidget *ComposeWindow::scrolledForm() {
    auto *scroll = makeScrollArea(m_form);
    return scroll;
}

QWidget *ComposeWindow::makeBanner() {
    auto *banner = new QFrame;
    setLook(banner, "banner");
    auto *row = new QHBoxLayout(banner);
    row->setContentsMargins(kSpaceL, kSpaceXs, kSpaceL, kSpaceXs);
    row->setSpacing(kSpaceS);
    row->addWidget(new IconLabel(bannerIcon(QStringLiteral("practice")), 18));
    row->addWidget(makeLabel(tr("Practice: nothing leaves this computer"), TextStyle::Strong), 1);
    auto *inbox = makeLinkButton(tr("Open what arrived"));
    describe(inbox, tr("Open what arrived"),
             tr("Opens the folder in which the practice server files what it gets."));
    connect(inbox, &QPushButton::clicked, this, &ComposeWindow::openInbox);
    row->addWidget(inbox);
    return banner;
}

QWidget *ComposeWindow::makeFoot() {
    auto *foot = new QWidget;
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceM);
    row->addWidget(m_status, 1);
    m_discard = new QPushButton(tr("&Discard"));
    describe(m_discard, tr("Discard"), tr("Removes this message and its draft, after asking."));
    connect(m_discard, &QPushButton::clicked, this, &ComposeWindow::discard);
    row->addWidget(m_discard);
    m_send = makePrimaryButton(tr("S&end"));
    m_send->setIcon(primaryIcon(QStringLiteral("send")));
    m_send->setToolTip(tr("Ctrl+Enter"));
    describe(m_send, tr("Send"),
             tr("Sends the message, Ctrl+Enter. Where something was found or is still needed from "
                "you, it is shown first."));
    connect(m_send, &QPushButton::clicked, this, &ComposeWindow::send);
    row->addWidget(m_send);
    return foot;
}

void ComposeWindow::buildMenus() {
    buildFileMenu();
    auto *view = menuBar()->addMenu(tr("&View"));
    auto *group = new QActionGroup(this);
    for (const auto &[kind, name] :
         {std::pair{Theme::Kind::Light, tr("&Light")}, std::pair{Theme::Kind::Dark, tr("&Dark")},
          std::pair{Theme::Kind::HighContrast, tr("&High contrast")}}) {
        auto *action = view->addAction(name, this, [this, kind = kind] { setAppearance(kind); });
        action->setCheckable(true);
        action->setChecked(Theme::current().kind == kind);
        group->addAction(action);
    }
    buildToolsMenu();
    if (m_mode == StartMode::Practice) {
        auto *practice = menuBar()->addMenu(tr("&Practice"));
        practice->addAction(themedIcon(QStringLiteral("folder")), tr("Open &inbox folder"), this,
                            &ComposeWindow::openInbox);
    }
    buildHelpMenu();
}

void ComposeWindow::buildFileMenu() {
    auto *file = menuBar()->addMenu(tr("&File"));
    file->addAction(themedIcon(QStringLiteral("plus")), tr("&New message"),
                    QKeySequence(Qt::CTRL | Qt::Key_N), this, &ComposeWindow::newMessage);
    file->addAction(themedIcon(QStringLiteral("show")), tr("&Open a message…"),
                    QKeySequence(Qt::CTRL | Qt::Key_O), this, &ComposeWindow::chooseMessages);
    m_drafts = file->addMenu(tr("&Drafts"));
    connect(m_drafts, &QMenu::aboutToShow, this, &ComposeWindow::fillDraftMenu);
    file->addSeparator();
    file->addAction(themedIcon(QStringLiteral("attach")), tr("&Attach files…"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), this, &ComposeWindow::attach);
    file->addAction(themedIcon(QStringLiteral("file")), tr("&Forward a message…"), this,
                    &ComposeWindow::forward);
    auto *send = file->addAction(themedIcon(QStringLiteral("send")), tr("&Send"), this,
                                 &ComposeWindow::send);
    send->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    file->addAction(themedIcon(QStringLiteral("discard")), tr("D&iscard…"), this,
                    &ComposeWindow::discard);
    file->addSeparator();
    auto *close = file->addAction(tr("&Close"), this, &QWidget::close);
    // Not StandardKey::Quit: it is empty on desktops that Qt does not know.
    close->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Q), QKeySequence(Qt::CTRL | Qt::Key_W)});
}

void ComposeWindow::buildToolsMenu() {
    auto *tools = menuBar()->addMenu(tr("&Tools"));
    tools->addAction(themedIcon(QStringLiteral("account")), tr("&Accounts…"), this,
                     &ComposeWindow::openAccounts);
    tools->addAction(themedIcon(QStringLiteral("certificate")), tr("&Certificates…"), this,
                     &ComposeWindow::openCertificates);
    m_outbox = tools->addAction(themedIcon(QStringLiteral("send")), tr("&Outbox…"), this,
                                &ComposeWindow::openOutbox);
    tools->addAction(themedIcon(QStringLiteral("journal")), tr("&Journal…"), this,
                     &ComposeWindow::openJournal);
}

void ComposeWindow::buildHelpMenu() {
    auto *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("Help on &this field"), QKeySequence(Qt::Key_F1), this,
                    &ComposeWindow::showHelp);
    help->addAction(tr("&About Sealpost"), this, [this] {
        m_dialogs.information(
            this, tr("About Sealpost"),
            tr("Sealpost %1 sends sensitive mail, correctly protected. It is free software under "
               "the GNU General Public License, version 3 or later.")
                .arg(QApplication::applicationVersion()));
    });
}

void ComposeWindow::fillDraftMenu() {
    m_drafts->clear();
    m_drafts->addAction(tr("Looking…"))->setEnabled(false);
    if (!m_open) {
        return;
    }
    onFinished(this, m_service->drafts(), [this](const Result<std::vector<mail::Draft>> &drafts) {
        m_drafts->clear();
        for (const auto &draft : drafts.value_or(std::vector<mail::Draft>())) {
            if (draft.id == m_keeper->id()) {
                continue;
            }
            const auto subject = toQString(draft.subject);
            auto label = subject.isEmpty() ? tr("No subject") : withoutMnemonic(subject);
            m_drafts->addAction(label.left(60), this, [this, draft] {
                m_keeper->flush([this, draft](const Result<void> &kept) {
                    if (kept) {
                        load(draft);
                        m_status->showQuiet(tr("Your draft is back as you left it"));
                    }
                });
            });
        }
        if (m_drafts->isEmpty()) {
            m_drafts->addAction(tr("No other drafts"))->setEnabled(false);
        }
    });
}

} // namespace sealpost::ui
