// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ComposeWindow.h"

#include "base/Text.h"
#include "ui/AccountDialog.h"
#include "ui/AttachmentBar.h"
#include "ui/CertificateView.h"
#include "ui/ChainView.h"
#include "ui/ComposeForm.h"
#include "ui/DraftKeeper.h"
#include "ui/DueSender.h"
#include "ui/EvidenceDialog.h"
#include "ui/FindCertificateDialog.h"
#include "ui/HowPanel.h"
#include "ui/Icons.h"
#include "ui/IdleRefresher.h"
#include "ui/JournalView.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/OutboxView.h"
#include "ui/PracticeSample.h"
#include "ui/Previewer.h"
#include "ui/ReadingWindow.h"
#include "ui/RecipientStatusModel.h"
#include "ui/SendFlow.h"
#include "ui/SendOutcome.h"
#include "ui/StatusLine.h"
#include "wording/AskText.h"
#include "wording/OpenedText.h"
#include "wording/RenewalText.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QFile>
#include <QScreen>
#include <QTime>
#include <QUrl>
#include <QVBoxLayout>
#include <QWhatsThis>
#include <algorithm>
#include <utility>

namespace sealpost::ui {

ComposeWindow::ComposeWindow(Dialogs &dialogs, StartMode mode) : m_dialogs(dialogs), m_mode(mode) {
    showTitle();
    setMinimumSize(480, 420);
    // A small screen, or a large scale: all of the window must be on it, its frame too.
    constexpr QSize kWanted(1040, 700);
    constexpr QSize kFrame(16, 48);
    resize(kWanted.boundedTo(screen()->availableSize() - kFrame));
}

void ComposeWindow::build(ComposeService &service) {
    m_service = &service;
    m_model = new RecipientStatusModel(this);
    m_form = new ComposeForm(service, *m_model);
    m_status = new StatusLine;
    const auto draft = [this] { return m_form->draft(); };
    m_keeper = new DraftKeeper(service, draft, this);
    const auto kept = [this] {
        auto known = m_form->draft();
        known.id = m_keeper->id(); // so that the outbox knows what it came from
        return known;
    };
    m_previewer = new Previewer(service, kept, this);
    m_flow = new SendFlow(service, *m_previewer, m_dialogs, this);
    // Whether or not it can be kept now: a disk that is full keeps nobody from sending.
    m_flow->setKeepDraft([this](const std::function<void()> &done) {
        m_keeper->flush([done](const Result<void> &) { done(); });
    });
    m_due = new DueSender(service, this);
    m_idle = new IdleRefresher(service, this);
    buildBody();
    buildMenus();
    connectParts();
    m_form->setEnabled(false);
    m_send->setEnabled(false);
    m_status->showBusy(tr("Opening…"));
}

ComposeWindow::~ComposeWindow() = default;

void ComposeWindow::connectParts() {
    connect(m_form, &ComposeForm::changed, this, &ComposeWindow::edited);
    connect(m_due, &DueSender::done, this, &ComposeWindow::tellOfOutbox);
    connect(m_form, &ComposeForm::evidenceRequested, this, &ComposeWindow::openEvidence);
    connect(m_form, &ComposeForm::attachRequested, this, &ComposeWindow::attach);
    connect(m_form, &ComposeForm::openRequested, this, &ComposeWindow::openMessages);
    auto *panel = m_form->panel();
    connect(panel, &HowPanel::evidenceRequested, this, &ComposeWindow::openEvidence);
    connect(panel, &HowPanel::findingRequested, this, &ComposeWindow::showFinding);
    connect(panel, &HowPanel::dismissRequested, m_form, &ComposeForm::dismiss);
    connect(panel, &HowPanel::restoreRequested, m_form, &ComposeForm::restore);
    connect(m_form->attachments(), &AttachmentBar::lookedInto, this, [this] {
        if (!m_form->isEmpty()) {
            m_previewer->refresh();
        }
    });
    connect(m_form->attachments(), &AttachmentBar::removed, this,
            [this](const QString &name) { m_status->showQuiet(tr("%1 was removed").arg(name)); });
    connect(panel, &HowPanel::raiseRequested, m_form, &ComposeForm::setClassification);
    connect(panel, &HowPanel::suggestionChosen, this, [this](const mail::Address &address) {
        m_form->addTo(address);
        m_form->focusRecipients();
    });
    connect(m_previewer, &Previewer::outdated, this, [this] { showChecking(); });
    connect(m_previewer, &Previewer::outdated, m_form->attachments(), &AttachmentBar::setOutdated);
    connect(m_previewer, &Previewer::domainKnown, m_model,
            qOverload<const assurance::DomainReport &>(&RecipientStatusModel::apply));
    connect(m_previewer, &Previewer::ready, this, [this](const Preview &preview) {
        m_model->apply(preview);
        m_form->panel()->showPreview(preview, m_form->classification(), m_form->malformed());
        m_form->attachments()->apply(preview);
    });
    connect(m_keeper, &DraftKeeper::kept, this, [this] {
        if (!m_flow->isWaiting() && !m_form->isEmpty()) {
            m_status->showQuiet(
                tr("Draft kept %1").arg(QTime::currentTime().toString(QStringLiteral("HH:mm"))));
        }
    });
    connect(m_keeper, &DraftKeeper::failed, this, [this](const Error &error) {
        const auto text = wording::text(error);
        m_status->showProblem(tr("The draft could not be kept. %1 (%2)").arg(text.what, text.code));
    });
    connect(m_flow, &SendFlow::waiting, this, [this] {
        m_send->setEnabled(false);
        m_status->showBusy(tr("Checking before sending…"));
    });
    connect(m_flow, &SendFlow::checked, this, [this] { m_status->showQuiet({}); });
    connect(m_flow, &SendFlow::abandoned, this, [this] {
        m_send->setEnabled(true);
        m_status->showQuiet({});
    });
    connect(m_flow, &SendFlow::actionChosen, this, &ComposeWindow::act);
    connect(m_flow, &SendFlow::evidenceRequested, this, &ComposeWindow::openEvidence);
    connect(m_flow, &SendFlow::sent, this, &ComposeWindow::afterSending);
}

void ComposeWindow::setTiming(std::chrono::milliseconds previewPause,
                              std::chrono::milliseconds draftDelay) {
    m_previewer->setPause(previewPause);
    m_keeper->setDelay(draftDelay);
}

void ComposeWindow::start() {
    onFinished(this, m_service->open(), [this](const Result<Session> &session) {
        if (session) {
            take(*session);
        } else {
            emit openFailed(session.error());
        }
    });
}

void ComposeWindow::take(const Session &session) {
    m_session = session;
    m_open = true;
    m_form->setEnabled(true);
    m_send->setEnabled(true);
    m_form->setAccounts(session.accounts);
    m_form->setMarkingWords(session.handling, session.descriptors);
    if (session.practice) {
        m_form->panel()->setSuggestions(practicePeople());
    }
    m_form->panel()->showEmpty();
    if (!session.drafts.empty()) {
        load(session.drafts.front());
        m_status->showQuiet(session.spokenFor
                                ? tr("Your draft is back, without those who have it already")
                                : tr("Your draft is back as you left it"));
    } else if (session.practice && session.firstStart) {
        load(practiceDraft());
        m_status->showQuiet(tr("A practice message to start with"));
    } else {
        m_status->showQuiet({});
    }
    m_form->focusFirst();
    if (session.accounts.empty()) {
        m_status->showProblem(tr("Add an account to send from: Tools, Accounts."));
    }
    emit opened();
    openMessages(std::exchange(m_waiting, {}));
    lookForRenewals();
    m_due->start();
    m_idle->start();
}

void ComposeWindow::edited() {
    showTitle();
    m_flow->abandon();
    m_keeper->touch();
    if (m_form->isEmpty()) {
        m_previewer->reset();
        m_form->panel()->showEmpty();
    } else {
        m_previewer->touch();
    }
}

void ComposeWindow::showChecking() {
    m_form->panel()->showChecking(m_form->hasRecipient() ? HowPanel::Expect::Recipients
                                                         : HowPanel::Expect::ContentAlone);
}

void ComposeWindow::showTitle() {
    const auto subject = m_form == nullptr ? QString() : m_form->subject();
    const auto what = subject.isEmpty() ? tr("New message") : subject;
    // The platform adds the program's name.
    setWindowTitle(m_mode == StartMode::Practice ? tr("%1 – practice").arg(what) : what);
}

void ComposeWindow::send() {
    if (!m_open || m_flow->isWaiting() || m_flow->isSending()) {
        return;
    }
    m_form->commit();
    if (const auto wrong = m_form->malformed(); !wrong.isEmpty()) {
        m_status->showProblem(
            tr("“%1” is not an e-mail address. Correct or remove it.").arg(wrong.front()));
        m_form->focusMalformed();
        return;
    }
    if (!m_form->hasRecipient()) {
        m_status->showProblem(tr("Add at least one recipient."));
        m_form->focusRecipients();
        return;
    }
    m_flow->start();
}

void ComposeWindow::act(const PlanAction &action) {
    switch (action.kind) {
    case PlanActionKind::RaiseClassification:
        m_form->setClassification(*action.classification);
        break;
    case PlanActionKind::RemoveRecipients:
        for (const auto &address : action.recipients) {
            m_form->removeRecipient(address);
        }
        break;
    case PlanActionKind::ShowFinding:
        showFinding(*action.finding);
        break;
    case PlanActionKind::DismissFinding:
        m_form->dismiss(*action.finding, action.reason);
        break;
    case PlanActionKind::RestoreFinding:
        m_form->restore(*action.finding);
        break;
    case PlanActionKind::OpenCertificates:
        openCertificates();
        break;
    case PlanActionKind::FindCertificate:
        findCertificate(toQString(action.recipients.front().spec()));
        break;
    case PlanActionKind::AskForCertificate:
        askForCertificate(action.recipients.front().spec());
        break;
    case PlanActionKind::Send:
    case PlanActionKind::CheckAgain:
    case PlanActionKind::BackToMessage:
        break;
    }
}

void ComposeWindow::showFinding(const scan::Finding &finding) {
    m_form->showFinding(finding);
    m_status->showQuiet(tr("Found in %1").arg(wording::locationText(finding.location)));
}

void ComposeWindow::afterSending(const PlanPtr &plan, const std::vector<send::Receipt> &receipts) {
    m_send->setEnabled(true);
    m_due->start(); // the outbox may hold more than before
    if (const auto rest = remainingDraft(*plan, receipts)) {
        m_form->setDraft(*rest);
        edited();
        m_status->showProblem(tr("Not sent to everyone. Your message is kept for the others."));
        return;
    }
    m_keeper->discard();
    load({});
    const bool waits = std::any_of(receipts.begin(), receipts.end(),
                                   [](const auto &receipt) { return receipt.waits; });
    const auto now = QTime::currentTime().toString(QStringLiteral("HH:mm"));
    m_status->showQuiet(waits ? tr("Waiting in the outbox since %1").arg(now)
                              : tr("Sent %1").arg(now));
}

void ComposeWindow::load(const mail::Draft &draft) {
    m_previewer->reset();
    m_model->clear();
    m_keeper->adopt(draft.id);
    m_form->setDraft(draft);
    showTitle();
    m_form->focusFirst();
    if (m_form->isEmpty()) {
        m_form->panel()->showEmpty();
    } else {
        showChecking();
        m_previewer->refresh();
    }
}

void ComposeWindow::newMessage() {
    m_form->commit();
    m_keeper->flush([this](const Result<void> &kept) {
        if (kept) {
            load({});
            m_status->showQuiet({});
        }
    });
}

void ComposeWindow::discard() {
    if (m_form->isEmpty()) {
        m_keeper->discard();
        return;
    }
    m_dialogs.ask(this,
                  {tr("Discard this message?"),
                   tr("The draft is removed from this computer."),
                   tr("&Discard"),
                   tr("&Keep"),
                   {}},
                  [this](bool yes) {
                      if (yes) {
                          m_keeper->discard();
                          load({});
                          m_status->showQuiet(tr("Discarded"));
                      }
                  });
}

void ComposeWindow::attach() {
    m_dialogs.openFiles(this, tr("Attach files"), {},
                        [this](const QStringList &files) { m_form->attachments()->add(files); });
}

void ComposeWindow::chooseMessages() {
    m_dialogs.openFiles(this, tr("Open a message"), ReadingWindow::fileFilter(),
                        [this](const QStringList &files) { openMessages(files); });
}

void ComposeWindow::openMessages(const QStringList &files) {
    if (!m_open) {
        m_waiting << files;
        return;
    }
    for (const auto &file : files) {
        auto *reader = newReader();
        reader->openFile(file);
        reader->show();
    }
}

ReadingWindow *ComposeWindow::newReader() {
    auto *reader = new ReadingWindow(*m_service, m_dialogs, this);
    connect(reader, &ReadingWindow::answerRequested, this, &ComposeWindow::answer);
    connect(reader, &ReadingWindow::forwardRequested, this, &ComposeWindow::forwardReceived);
    connect(reader, &ReadingWindow::filesDropped, this, &ComposeWindow::openMessages);
    connect(reader, &ReadingWindow::insideRequested, this,
            [this](const std::string &bytes, const QString &name) {
                auto *inner = newReader();
                inner->openBytes(bytes, name);
                inner->show();
            });
    connect(reader, &ReadingWindow::certificatesKept, this, [this] {
        if (!m_form->isEmpty()) {
            m_previewer->touch();
        }
    });
    return reader;
}

void ComposeWindow::answer(const ReceivedPtr &message, receive::AnswerTo whom) {
    std::vector<std::string> own;
    for (const auto &account : m_session.accounts) {
        own.push_back(account.address.spec());
    }
    const auto &opened = message->opened;
    auto draft =
        receive::answerTo(opened, whom, own, wording::quotationLine(opened.headers).toStdString());
    draft.account = accountFor(opened);
    replaceDraft(draft, receive::mayBeQuoted(opened)
                            ? QString()
                            : tr("Nothing is quoted: who wrote it is not proven."));
}

void ComposeWindow::forwardReceived(const ReceivedPtr &message, const QString &file) {
    mail::Draft draft;
    draft.account = accountFor(message->opened);
    draft.forward =
        mail::Forwarded{QFile::encodeName(file).toStdString(), mail::ForwardForm::Attached};
    replaceDraft(draft, {});
}

//! In the background, once everything else is there.
void ComposeWindow::lookForRenewals() {
    onFinished(this, m_service->renewals(),
               [this](const Result<std::vector<crypto::RenewalDue>> &due) {
                   for (const auto &one : due.value_or(std::vector<crypto::RenewalDue>())) {
                       showRenewal(one);
                   }
               });
}

void ComposeWindow::showRenewal(const crypto::RenewalDue &due) {
    auto *notice = makeNotice(due.ended ? Tone::Bad : Tone::Caution, QStringLiteral("warning"),
                              wording::text(due));
    auto *check = makeLinkButton(tr("Check it"));
    describe(check, tr("Check your certificate"),
             tr("Shows your certificate with everything above it."));
    connect(check, &QPushButton::clicked, this, [this, due] {
        ExaminedCertificates what;
        what.fingerprint = due.certificate.fingerprint;
        auto *view = new ChainView(*m_service, m_dialogs, std::move(what), this);
        view->open();
    });
    auto *later = makeLinkButton(tr("Later"));
    describe(later, tr("Remind me later"), tr("Hides this until Sealpost is opened again."));
    connect(later, &QPushButton::clicked, notice, &QObject::deleteLater);
    notice->layout()->addWidget(check);
    notice->layout()->addWidget(later);
    m_notices->addWidget(notice);
}

void ComposeWindow::askForCertificate(const std::string &addressSpec) {
    mail::Draft draft = m_form->draft();
    const auto name = draft.from.empty() ? QString() : toQString(draft.from.shortName());
    const auto text = wording::askForCertificate(name);
    mail::Draft asking;
    asking.account = draft.account;
    if (const auto address = mail::Address::parse(addressSpec)) {
        asking.to = {*address};
    }
    asking.subject = text.subject.toStdString();
    asking.body = text.body.toStdString();
    replaceDraft(asking, tr("It is signed, so your own certificate goes with it"));
}

//! What was being written is kept as a draft of its own.
void ComposeWindow::replaceDraft(const mail::Draft &draft, const QString &said) {
    m_form->commit();
    m_keeper->flush([this, draft, said](const Result<void> &kept) {
        if (kept) {
            load(draft);
            m_keeper->touch();
            raise();
            activateWindow();
            m_form->focusBody();
            m_status->showQuiet(said);
        }
    });
}

//! The account that the message came to; empty where it came to none of them by name.
std::string ComposeWindow::accountFor(const receive::OpenedMessage &message) const {
    auto mailboxes = message.headers.to;
    mailboxes.insert(mailboxes.end(), message.headers.cc.begin(), message.headers.cc.end());
    for (const auto &account : m_session.accounts) {
        for (const auto &mailbox : mailboxes) {
            if (base::equalsIgnoringCase(account.address.spec(), mailbox.address)) {
                return account.name;
            }
        }
    }
    return {};
}

void ComposeWindow::forward() {
    m_dialogs.openFiles(this, tr("Forward a message"), tr("Messages (*.eml);;All files (*)"),
                        [this](const QStringList &files) {
                            if (!files.isEmpty()) {
                                m_form->forward(files.front());
                            }
                        });
}

void ComposeWindow::openEvidence(const mail::Address &address) {
    auto *parent = QApplication::activeModalWidget();
    auto *dialog =
        new EvidenceDialog(address, m_model->status(address), parent != nullptr ? parent : this);
    connect(dialog, &EvidenceDialog::checkAgainRequested, this,
            [this] { m_previewer->refresh(assurance::Freshness::Fresh); });
    dialog->open();
}

void ComposeWindow::openCertificates() {
    auto *view = new CertificateView(*m_service, m_dialogs, this);
    connect(view, &CertificateView::imported, this, [this] {
        if (!m_form->isEmpty()) {
            m_previewer->touch();
        }
    });
    connect(view, &CertificateView::askRequested, this,
            [this, view](const std::string &addressSpec) {
                view->close();
                askForCertificate(addressSpec);
            });
    view->open();
}

void ComposeWindow::findCertificate(const QString &addressSpec) {
    auto *dialog = new FindCertificateDialog(*m_service, m_dialogs, addressSpec, this);
    connect(dialog, &FindCertificateDialog::changed, this, [this] {
        if (!m_form->isEmpty()) {
            m_previewer->touch();
        }
    });
    connect(dialog, &FindCertificateDialog::askRequested, this, &ComposeWindow::askForCertificate);
    dialog->open();
}

void ComposeWindow::openAccounts() {
    auto *dialog = new AccountDialog(*m_service, m_dialogs, this);
    connect(dialog, &AccountDialog::accountsChanged, this, &ComposeWindow::reloadAccounts);
    dialog->open();
}

void ComposeWindow::openJournal() {
    (new JournalView(*m_service, this))->open();
}

void ComposeWindow::openOutbox() {
    auto *view = new OutboxView(*m_service, m_dialogs, this);
    connect(view, &OutboxView::changed, m_due, &DueSender::start);
    connect(view, &OutboxView::takenBack, this, [this, view](const mail::Draft &draft) {
        view->close();
        replaceDraft(draft, tr("It is a draft again, and no longer in the outbox"));
    });
    view->open();
}

//! In one line, and only where something is new: the number in the menu says the rest.
void ComposeWindow::tellOfOutbox(const DueSummary &summary) {
    const int open = summary.waiting + summary.uncertain;
    m_outbox->setText(open == 0 ? tr("&Outbox…") : tr("&Outbox (%1)…").arg(open));
    if (summary.uncertain > m_told.uncertain) {
        m_status->showProblem(
            tr("It is not certain whether a message was sent. Please decide: Tools, Outbox."));
    } else if (summary.refused > 0) {
        m_status->showProblem(tr("A message that waited was not sent. See why: Tools, Outbox."));
    } else if (summary.needsAPerson > m_told.needsAPerson) {
        m_status->showProblem(tr("A message waits and can’t be sent as it is: Tools, Outbox."));
    } else if (summary.sent > 0) {
        m_status->showQuiet(tr("A message that waited has been sent"));
    } else if (summary.copyProblem) {
        // Once for each try, and these come ever more seldom.
        m_status->showProblem(tr("The copy for your Sent folder is not there yet. %1")
                                  .arg(wording::text(*summary.copyProblem).what));
    }
    m_told = summary;
}

void ComposeWindow::openInbox() {
    QDesktopServices::openUrl(
        QUrl::fromLocalFile(QFile::decodeName(m_session.practiceInbox.c_str())));
}

void ComposeWindow::reloadAccounts() {
    onFinished(this, m_service->accounts(),
               [this](const Result<std::vector<mail::Account>> &accounts) {
                   if (accounts) {
                       m_form->setAccounts(*accounts);
                       m_status->showQuiet({});
                       if (!m_form->isEmpty()) {
                           m_previewer->touch();
                       }
                   }
               });
}

void ComposeWindow::showHelp() {
    auto *widget = QApplication::focusWidget();
    while (widget != nullptr && widget->whatsThis().isEmpty()) {
        widget = widget->parentWidget();
    }
    if (widget != nullptr) {
        QWhatsThis::showText(widget->mapToGlobal(QPoint(0, widget->height())),
                             widget->whatsThis().toHtmlEscaped(), widget);
    }
}

void ComposeWindow::setAppearance(Theme::Kind kind) {
    Theme::install(*qApp, kind,
                   m_mode == StartMode::Practice ? Theme::Accent::Practice : Theme::Accent::Real);
}

void ComposeWindow::closeEvent(QCloseEvent *event) {
    if (m_closing || !m_open) {
        event->accept();
        return;
    }
    event->ignore();
    if (m_flow->isSending()) {
        return; // the dialog says how it goes, and ends it
    }
    m_form->commit();
    if (const auto wrong = m_form->malformed(); !wrong.isEmpty()) {
        m_dialogs.ask(this,
                      {tr("“%1” can’t be kept").arg(wrong.front()),
                       tr("It is not an e-mail address, so the draft can’t keep it."),
                       tr("Close &without it"),
                       tr("&Stay"),
                       {}},
                      [this](bool yes) {
                          if (yes) {
                              keepAndClose();
                          }
                      });
        return;
    }
    keepAndClose();
}

void ComposeWindow::keepAndClose() {
    const auto leave = [this] {
        m_closing = true;
        close();
    };
    if (m_form->isEmpty()) {
        // An empty draft is nothing to come back to.
        if (!m_keeper->id().empty()) {
            m_keeper->discard();
        }
        leave();
        return;
    }
    m_keeper->flush([this, leave](const Result<void> &kept) {
        if (kept) {
            leave();
            return;
        }
        const auto text = wording::text(kept.error());
        m_dialogs.ask(this,
                      {tr("The draft could not be kept"), text.what + QLatin1Char(' ') + text.next,
                       tr("Close and &lose it"), tr("&Stay"), text.code},
                      [leave](bool yes) {
                          if (yes) {
                              leave();
                          }
                      });
    });
}

} // namespace sealpost::ui
