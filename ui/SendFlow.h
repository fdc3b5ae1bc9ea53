// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"
#include "ui/PlanActions.h"
#include "ui/Previewer.h"

#include <QObject>
#include <QPointer>
#include <functional>
#include <stop_token>

namespace sealpost::ui {

class PlanDialog;
class SendDialog;

//! From the press on Send to the receipt: waits for a true preview, warns where there is something
//! to say, sends, and shows how it ended.
class SendFlow final : public QObject {
    Q_OBJECT
public:
    SendFlow(ComposeService &service, Previewer &previewer, Dialogs &dialogs, QWidget *window);
    ~SendFlow() override;
    //! Keeps the draft, and calls back: it has its number before anything is sent of it.
    using KeepDraft = std::function<void(std::function<void()>)>;
    void setKeepDraft(KeepDraft keep) { m_keepDraft = std::move(keep); }

    void start();
    //! The message has changed while it was being checked for sending.
    void abandon();
    [[nodiscard]] bool isWaiting() const {
        return m_stage == Stage::Keeping || m_stage == Stage::Waiting;
    }
    [[nodiscard]] bool isSending() const { return m_stage == Stage::Sending; }

signals:
    void waiting();
    //! What waiting() announced is over; a warning or the sending follows.
    void checked();
    void abandoned();
    //! An action of the warning that is for the window to do.
    void actionChosen(const sealpost::ui::PlanAction &action);
    void evidenceRequested(const sealpost::mail::Address &address);
    //! It is over with the server; the dialog with the receipt is still open.
    void sent(const sealpost::ui::PlanPtr &plan,
              const std::vector<sealpost::send::Receipt> &receipts);

private:
    enum class Stage { Idle, Keeping, Waiting, Warning, Sending };

    void check();
    void proceed(const Preview &preview);
    void warn(const PlanPtr &plan);
    void act(const PlanPtr &plan, const PlanAction &action, const send::Approvals &approvals);
    void execute(const PlanPtr &plan, const send::Approvals &approvals);
    void take(const PlanPtr &plan, SendDialog *dialog, const SendEvent &event);
    void save(SendDialog *dialog, const std::vector<send::Receipt> &receipts);

    ComposeService &m_service;
    Previewer &m_previewer;
    Dialogs &m_dialogs;
    QWidget *m_window;
    KeepDraft m_keepDraft;
    Stage m_stage = Stage::Idle;
    std::stop_source m_stop;
};

} // namespace sealpost::ui
