// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SendFlow.h"

#include "ui/OnFinished.h"
#include "ui/PlanDialog.h"
#include "ui/SendDialog.h"
#include "ui/SendOutcome.h"

#include <QFile>
#include <QWidget>

namespace sealpost::ui {

SendFlow::SendFlow(ComposeService &service, Previewer &previewer, Dialogs &dialogs, QWidget *window)
    : QObject(window), m_service(service), m_previewer(previewer), m_dialogs(dialogs),
      m_window(window) {
    connect(&m_previewer, &Previewer::ready, this, [this](const Preview &preview) {
        if (m_stage == Stage::Waiting) {
            proceed(preview);
        }
    });
}

SendFlow::~SendFlow() {
    m_stop.request_stop();
}

void SendFlow::start() {
    if (m_stage == Stage::Warning || m_stage == Stage::Sending) {
        return;
    }
    m_stage = Stage::Keeping;
    emit waiting();
    if (m_keepDraft) {
        m_keepDraft([this] { check(); });
    } else {
        check();
    }
}

void SendFlow::check() {
    if (m_stage != Stage::Keeping) {
        return; // abandoned meanwhile
    }
    m_stage = Stage::Waiting;
    // Checked anew, whatever the panel shows: it may be minutes old.
    m_previewer.refresh();
}

void SendFlow::abandon() {
    if (isWaiting()) {
        m_stage = Stage::Idle;
        emit abandoned();
    }
}

void SendFlow::proceed(const Preview &preview) {
    if (!preview.problem && preview.attachmentErrors.empty() && !preview.pending.empty()) {
        return; // another preview follows once the attachments are looked into
    }
    m_stage = Stage::Idle;
    if (preview.problem) {
        emit abandoned();
        m_dialogs.error(m_window, wording::text(*preview.problem));
        return;
    }
    if (!preview.attachmentErrors.empty()) {
        emit abandoned();
        m_dialogs.error(m_window, wording::text(preview.attachmentErrors.begin()->second));
        return;
    }
    emit checked();
    if (needsNoWarning(*preview.plan)) {
        send::Approvals approvals;
        approvals.planDigest = preview.plan->digest;
        execute(preview.plan, approvals);
        return;
    }
    warn(preview.plan);
}

void SendFlow::warn(const PlanPtr &plan) {
    m_stage = Stage::Warning;
    if (plan->blocked()) {
        onFinished(this, m_service.recordBlocked(plan), [this](const Result<void> &recorded) {
            if (!recorded) {
                m_dialogs.error(m_window, wording::text(recorded.error()));
            }
        });
    }
    auto *dialog = new PlanDialog(plan, m_window);
    connect(dialog, &PlanDialog::evidenceRequested, this, &SendFlow::evidenceRequested);
    connect(dialog, &PlanDialog::actionChosen, this,
            [this, plan, dialog](const PlanAction &action) {
                m_stage = Stage::Idle;
                act(plan, action, dialog->approvals());
            });
    connect(dialog, &QDialog::rejected, this, [this] {
        m_stage = Stage::Idle;
        emit abandoned();
    });
    dialog->open();
}

void SendFlow::act(const PlanPtr &plan, const PlanAction &action,
                   const send::Approvals &approvals) {
    switch (action.kind) {
    case PlanActionKind::Send:
        execute(plan, approvals);
        return;
    case PlanActionKind::RaiseClassification:
    case PlanActionKind::DismissFinding:
    case PlanActionKind::RestoreFinding:
        emit actionChosen(action);
        start(); // the person still wants to send
        return;
    case PlanActionKind::RemoveRecipients:
        if (action.recipients.size() == plan->decision.recipients.size()) {
            emit abandoned(); // nobody is left to send to
            emit actionChosen(action);
            return;
        }
        emit actionChosen(action);
        start(); // the person still wants to send
        return;
    case PlanActionKind::CheckAgain:
        m_stage = Stage::Waiting;
        emit waiting();
        m_previewer.refresh(assurance::Freshness::Fresh);
        return;
    case PlanActionKind::ShowFinding:
    case PlanActionKind::OpenCertificates:
    case PlanActionKind::FindCertificate:
    case PlanActionKind::AskForCertificate:
    case PlanActionKind::BackToMessage:
        emit abandoned();
        emit actionChosen(action);
        return;
    }
}

void SendFlow::execute(const PlanPtr &plan, const send::Approvals &approvals) {
    m_stage = Stage::Sending;
    m_stop = std::stop_source();
    auto *dialog = new SendDialog(plan, m_window);
    connect(dialog, &SendDialog::stopRequested, this, [this] { m_stop.request_stop(); });
    connect(dialog, &SendDialog::tryAgainRequested, this, &SendFlow::start);
    dialog->open();
    onEvents(this, m_service.send(plan, approvals, m_stop.get_token()),
             [this, plan, dialog = QPointer<SendDialog>(dialog)](const SendEvent &event) {
                 take(plan, dialog, event);
             });
}

void SendFlow::take(const PlanPtr &plan, SendDialog *dialog, const SendEvent &event) {
    if (const auto *step = std::get_if<SendStepAt>(&event)) {
        if (dialog != nullptr) {
            dialog->showStep(*step);
        }
        return;
    }
    m_stage = Stage::Idle;
    const auto &result = std::get<Result<std::vector<send::Receipt>>>(event);
    if (!result) {
        emit abandoned();
        if (dialog != nullptr) {
            dialog->showError(result.error());
        }
        return;
    }
    emit sent(plan, *result);
    if (dialog != nullptr) {
        dialog->showReceipts(*result);
        connect(dialog, &SendDialog::saveRequested, this,
                [this, dialog, receipts = *result] { save(dialog, receipts); });
    }
}

void SendFlow::save(SendDialog *dialog, const std::vector<send::Receipt> &receipts) {
    m_dialogs.saveFile(dialog, tr("Save receipt"), QStringLiteral("receipt.json"),
                       [this, receipts](const QString &file) {
                           const std::filesystem::path path(QFile::encodeName(file).toStdString());
                           onFinished(this, m_service.writeFile(path, receiptsAsJson(receipts)),
                                      [this](const Result<void> &result) {
                                          if (!result) {
                                              m_dialogs.error(m_window,
                                                              wording::text(result.error()));
                                          }
                                      });
                       });
}

} // namespace sealpost::ui
