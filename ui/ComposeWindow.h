// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "receive/Answer.h"
#include "ui/ComposeService.h"
#include "ui/Core.h"
#include "ui/Dialogs.h"
#include "ui/PlanActions.h"
#include "ui/Theme.h"

#include <QMainWindow>

class QAction;
class QMenu;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

class ComposeForm;
class DraftKeeper;
class DueSender;
class IdleRefresher;
class Previewer;
class ReadingWindow;
class RecipientStatusModel;
class SendFlow;
class StatusLine;

//! The window: one message at a time, its draft kept, its preview true. It can be shown as an empty
//! frame at once; build() puts everything in, start() opens the service.
class ComposeWindow final : public QMainWindow {
    Q_OBJECT
public:
    ComposeWindow(Dialogs &dialogs, StartMode mode);
    ~ComposeWindow() override;

    //! Makes all that is in the window. Once, before anything below; `service` must outlive it.
    void build(ComposeService &service);
    //! Opens the service and fills in what it knows; openFailed() says where that did not work out.
    void start();
    //! Shows received messages, each in a window of its own. Before opened() they wait for it.
    void openMessages(const QStringList &files);
    void setTiming(std::chrono::milliseconds previewPause, std::chrono::milliseconds draftDelay);
    [[nodiscard]] ComposeForm *form() const { return m_form; }
    [[nodiscard]] StatusLine *status() const { return m_status; }
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }
    [[nodiscard]] DueSender *dueSender() const { return m_due; }
    [[nodiscard]] IdleRefresher *idleRefresher() const { return m_idle; }
    [[nodiscard]] QAction *outboxAction() const { return m_outbox; }

signals:
    void opened();
    void openFailed(const sealpost::Error &error);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void buildBody();
    [[nodiscard]] QWidget *scrolledForm();
    [[nodiscard]] QWidget *makeBanner();
    [[nodiscard]] QWidget *makeFoot();
    void buildMenus();
    void buildFileMenu();
    void buildToolsMenu();
    void buildHelpMenu();
    void connectParts();

    void take(const Session &session);
    void edited();
    void showChecking();
    void showTitle();
    void send();
    void act(const PlanAction &action);
    void showFinding(const scan::Finding &finding);
    void afterSending(const PlanPtr &plan, const std::vector<send::Receipt> &receipts);
    void load(const mail::Draft &draft);
    void newMessage();
    void discard();
    void fillDraftMenu();
    void attach();
    void chooseMessages();
    [[nodiscard]] ReadingWindow *newReader();
    [[nodiscard]] std::string accountFor(const receive::OpenedMessage &message) const;
    void replaceDraft(const mail::Draft &draft, const QString &said);
    void lookForRenewals();
    void showRenewal(const crypto::RenewalDue &due);
    //! Writes to somebody about their certificate.
    void askForCertificate(const std::string &addressSpec);
    void answer(const ReceivedPtr &message, receive::AnswerTo whom);
    void forwardReceived(const ReceivedPtr &message, const QString &file);
    void forward();
    void openEvidence(const mail::Address &address);
    void openCertificates();
    void findCertificate(const QString &addressSpec);
    void openAccounts();
    void openJournal();
    void openOutbox();
    void tellOfOutbox(const DueSummary &summary);
    void openInbox();
    void reloadAccounts();
    void showHelp();
    void setAppearance(Theme::Kind kind);
    void keepAndClose();

    ComposeService *m_service = nullptr;
    Dialogs &m_dialogs;
    StartMode m_mode;
    Session m_session;
    bool m_open = false;
    bool m_closing = false;
    QVBoxLayout *m_notices = nullptr; //!< above the message: what has to be done some day soon
    QStringList m_waiting;            //!< messages to be shown once all is there
    RecipientStatusModel *m_model = nullptr;
    ComposeForm *m_form = nullptr;
    StatusLine *m_status = nullptr;
    Previewer *m_previewer = nullptr;
    DraftKeeper *m_keeper = nullptr;
    SendFlow *m_flow = nullptr;
    DueSender *m_due = nullptr;
    IdleRefresher *m_idle = nullptr;
    QAction *m_outbox = nullptr;
    DueSummary m_told; //!< of the outbox, when the person was last told of it
    QPushButton *m_send = nullptr;
    QPushButton *m_discard = nullptr;
    QMenu *m_drafts = nullptr;
};

} // namespace sealpost::ui
