// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
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
class Previewer;
class RecipientStatusModel;
class SendFlow;
class StatusLine;

enum class StartMode { Real, Practice };

//! The window: one message at a time, its draft kept, its preview true. Shown before anything is
//! opened; openFailed() says where that did not work out.
class ComposeWindow final : public QMainWindow {
    Q_OBJECT
public:
    ComposeWindow(ComposeService &service, Dialogs &dialogs, StartMode mode);
    ~ComposeWindow() override;

    //! Opens the service and fills the window.
    void start();
    void setTiming(std::chrono::milliseconds previewPause, std::chrono::milliseconds draftDelay);
    [[nodiscard]] ComposeForm *form() const { return m_form; }
    [[nodiscard]] StatusLine *status() const { return m_status; }
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }

signals:
    void opened();
    void openFailed(const sealpost::Error &error);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void buildBody();
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
    void afterSending(const PlanPtr &plan, const std::vector<send::Receipt> &receipts);
    void load(const mail::Draft &draft);
    void newMessage();
    void discard();
    void fillDraftMenu();
    void attach();
    void openEvidence(const mail::Address &address);
    void openCertificates();
    void openAccounts();
    void openJournal();
    void openInbox();
    void reloadAccounts();
    void showHelp();
    void setAppearance(Theme::Kind kind);
    void keepAndClose();

    ComposeService &m_service;
    Dialogs &m_dialogs;
    StartMode m_mode;
    Session m_session;
    bool m_open = false;
    bool m_closing = false;
    RecipientStatusModel *m_model;
    ComposeForm *m_form;
    StatusLine *m_status;
    Previewer *m_previewer;
    DraftKeeper *m_keeper;
    SendFlow *m_flow;
    QPushButton *m_send = nullptr;
    QPushButton *m_discard = nullptr;
    QMenu *m_drafts = nullptr;
};

} // namespace sealpost::ui
