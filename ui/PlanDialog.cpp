// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PlanDialog.h"

#include "send/Dismissals.h"
#include "ui/ConfirmBox.h"
#include "ui/FindingRow.h"
#include "ui/FlowLayout.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/RecipientStatusModel.h"
#include "ui/Rows.h"
#include "ui/ScrollArea.h"
#include "wording/Wording.h"

#include <QCheckBox>
#include <QPlainTextEdit>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

//! The width of a button's words, in pixels: an address may be long, and the dialog is not.
constexpr int kWidestAction = 300;

QFrame *makeBlock(QVBoxLayout *content, const QString &heading, QVBoxLayout **inside) {
    content->addWidget(makeLabel(heading, TextStyle::Heading));
    auto *card = new QFrame;
    setLook(card, "card");
    *inside = new QVBoxLayout(card);
    (*inside)->setContentsMargins(kSpaceL, kSpaceM, kSpaceL, kSpaceM);
    (*inside)->setSpacing(kSpaceM);
    content->addWidget(card);
    content->addSpacing(kSpaceS);
    return card;
}

} // namespace

PlanDialog::PlanDialog(PlanPtr plan, QWidget *parent)
    : QDialog(parent), m_plan(std::move(plan)), m_actions(actionsFor(*m_plan)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Before you send"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    auto *inner = new QWidget;
    setLook(inner, "clear");
    auto *content = new QVBoxLayout(inner);
    content->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceM);
    content->setSpacing(kSpaceS);
    content->addWidget(makeLabel(planTitle(*m_plan), TextStyle::Title));
    content->addSpacing(kSpaceS);
    addFound(content);
    addRecipients(content);
    addOwed(content);
    content->addStretch(1);

    auto *scroll = makeScrollArea(inner);
    column->addWidget(scroll, 1);
    column->addWidget(makeRule());
    auto *foot = makeButtons();
    column->addWidget(foot);
    setMinimumSize(560, 320);
    constexpr int kWidth = 640;
    const int wanted = inner->heightForWidth(kWidth) + foot->sizeHint().height() + kSpaceL;
    const int room = screen()->availableSize().height() * 9 / 10;
    resize(kWidth, std::min(room, std::clamp(wanted, 360, 760)));
    refresh();
    (m_recommended->isEnabled() ? m_recommended : nextInFocusChain())->setFocus();
}

void PlanDialog::addFound(QVBoxLayout *content) {
    if (m_plan->findings.empty() && m_plan->skipped.empty()) {
        return;
    }
    QVBoxLayout *block = nullptr;
    makeBlock(content, tr("What was found"), &block);
    auto *list = new QVBoxLayout;
    list->setSpacing(block->spacing());
    block->addLayout(list);
    const auto add = [this, list, findings = standingFirst(m_plan->findings)](std::size_t from,
                                                                              std::size_t to) {
        for (auto i = from; i < std::min(to, findings.size()); ++i) {
            list->addWidget(makeFinding(findings[i]));
        }
    };
    add(0, kFindingsAtFirst);
    if (const auto count = m_plan->findings.size(); count > kFindingsAtFirst) {
        auto *more = makeMoreButton(count - kFindingsAtFirst);
        block->addWidget(more, 0, Qt::AlignLeft);
        connect(more, &QPushButton::clicked, this, [add, more, count] {
            more->hide();
            add(kFindingsAtFirst, count);
        });
    }
    for (const auto &skipped : m_plan->skipped) {
        block->addWidget(
            makeNoteRow(QStringLiteral("unconfirmed"), Tone::Caution, wording::text(skipped)));
    }
}

QWidget *PlanDialog::makeFinding(const scan::Finding &finding) {
    auto *row = new FindingRow(finding);
    const auto chosen = [this, finding](PlanActionKind kind, const QString &reason) {
        PlanAction action{kind, {}};
        action.finding = finding;
        action.reason = reason;
        choose(action);
    };
    connect(row, &FindingRow::showRequested, this,
            [chosen] { chosen(PlanActionKind::ShowFinding, {}); });
    connect(row, &FindingRow::dismissed, this,
            [chosen](const QString &reason) { chosen(PlanActionKind::DismissFinding, reason); });
    connect(row, &FindingRow::restored, this,
            [chosen] { chosen(PlanActionKind::RestoreFinding, {}); });
    return row;
}

void PlanDialog::addRecipients(QVBoxLayout *content) {
    QVBoxLayout *block = nullptr;
    makeBlock(content, tr("How each person gets it"), &block);
    for (const auto &decision : m_plan->decision.recipients) {
        QPushButton *why = nullptr;
        const auto status = statusOf(*m_plan, decision);
        block->addWidget(makeRecipientRow(decision.address, status, RowDetail::Full, &why));
        connect(why, &QPushButton::clicked, this,
                [this, address = decision.address] { emit evidenceRequested(address); });
        if (decision.route == RouteKind::Blocked && !status.nextSteps.isEmpty()) {
            block->addWidget(
                makeNotice(Tone::Bad, QStringLiteral("info"),
                           tr("What you can do: %1").arg(status.nextSteps.join(QLatin1Char(' ')))));
        }
    }
}

void PlanDialog::addOwed(QVBoxLayout *content) {
    if (m_plan->owed.empty() || m_plan->blocked()) {
        return; // where nothing can be sent, there is nothing to confirm
    }
    QVBoxLayout *block = nullptr;
    makeBlock(content, tr("Before you send"), &block);
    std::vector<routing::Owed> justifications;
    for (const auto &owed : m_plan->owed) {
        switch (owed.kind) {
        case routing::OwedKind::Confirmation:
            addConfirmation(block, owed);
            break;
        case routing::OwedKind::Justification:
            justifications.push_back(owed);
            break;
        }
    }
    if (!justifications.empty()) {
        addJustification(block, justifications);
    }
}

void PlanDialog::addConfirmation(QVBoxLayout *content, const routing::Owed &owed) {
    auto *box = new ConfirmBox(wording::text(owed));
    content->addWidget(box);
    m_boxes.emplace(owed.id, box->box());
    connect(box->box(), &QCheckBox::toggled, this, &PlanDialog::refresh);
}

void PlanDialog::addJustification(QVBoxLayout *content, const std::vector<routing::Owed> &owed) {
    QStringList questions;
    for (const auto &one : owed) {
        questions << wording::text(one);
    }
    for (const auto &question : questions) {
        content->addWidget(makeLabel(question));
    }
    auto *label = makeLabel(tr("&Your reason"), TextStyle::Strong);
    content->addWidget(label);
    m_justification = new QPlainTextEdit;
    m_justification->setTabChangesFocus(true);
    m_justification->setFixedHeight(m_justification->fontMetrics().lineSpacing() * 3 + 16);
    describe(m_justification, tr("Your reason"),
             questions.join(QLatin1Char(' ')) + QLatin1Char(' ') +
                 tr("At least ten characters. It is kept in the journal."));
    label->setBuddy(m_justification);
    content->addWidget(m_justification);
    content->addWidget(
        makeLabel(tr("At least ten characters. It is kept in the journal."), TextStyle::Small));
    connect(m_justification, &QPlainTextEdit::textChanged, this, &PlanDialog::refresh);
}

QPushButton *PlanDialog::makeActionButton(const PlanAction &action, bool recommended) {
    const auto shown = fontMetrics().elidedText(action.label, Qt::ElideMiddle, kWidestAction);
    const auto label = withoutMnemonic(shown);
    auto *button = recommended ? makePrimaryButton(label) : makeLinkButton(label);
    button->setAutoDefault(recommended);
    button->setDefault(recommended);
    if (recommended && action.kind == PlanActionKind::Send) {
        button->setIcon(primaryIcon(QStringLiteral("send")));
    }
    describe(button, action.label);
    button->setToolTip(shown == action.label ? QString() : action.label);
    connect(button, &QPushButton::clicked, this, [this, action] { choose(action); });
    if (action.kind == PlanActionKind::Send) {
        m_send = button;
    }
    return button;
}

QWidget *PlanDialog::makeButtons() {
    auto *foot = new QWidget;
    auto *column = new QVBoxLayout(foot);
    column->setContentsMargins(kSpaceXl, kSpaceM, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceXs);
    m_missing = makeLabel({}, TextStyle::Muted);
    column->addWidget(m_missing);
    if (!m_actions.others.empty()) {
        auto *others = new QWidget;
        auto *flow = new FlowLayout(others, kSpaceM, FlowLayout::Last::AsWideAsItNeeds);
        flow->setContentsMargins(0, 0, 0, 0);
        for (const auto &action : m_actions.others) {
            flow->addWidget(makeActionButton(action, false));
        }
        column->addWidget(others);
    }
    auto *row = new QHBoxLayout;
    row->setSpacing(kSpaceM);
    row->addStretch(1);
    if (m_actions.recommended.kind != PlanActionKind::BackToMessage) {
        auto *back = makeLinkButton(tr("&Back to message"));
        describe(back, tr("Back to message"), tr("Closes this and sends nothing."));
        connect(back, &QPushButton::clicked, this, &QDialog::reject);
        row->addWidget(back);
    }
    m_recommended = makeActionButton(m_actions.recommended, true);
    row->addWidget(m_recommended);
    column->addLayout(row);
    return foot;
}

void PlanDialog::choose(const PlanAction &action) {
    if (action.kind == PlanActionKind::BackToMessage) {
        reject();
        return;
    }
    accept(); // first: what the action opens is not to stand on this dialog
    emit actionChosen(action);
}

send::Approvals PlanDialog::approvals() const {
    send::Approvals approvals;
    approvals.planDigest = m_plan->digest;
    for (const auto &[id, box] : m_boxes) {
        const auto [from, to] = m_boxes.equal_range(id);
        // One id may stand for several facts, and each of them is confirmed by itself.
        if (std::all_of(from, to, [](const auto &one) { return one.second->isChecked(); })) {
            approvals.confirmed.insert(id);
        }
    }
    if (m_justification != nullptr) {
        approvals.justification = m_justification->toPlainText().trimmed().toStdString();
    }
    return approvals;
}

void PlanDialog::refresh() {
    if (m_send == nullptr) {
        m_missing->hide();
        return;
    }
    const auto open = send::stillOwed(*m_plan, approvals());
    m_send->setEnabled(open.empty());
    const bool justification = std::any_of(open.begin(), open.end(), [](const auto &owed) {
        return owed.kind == routing::OwedKind::Justification;
    });
    m_missing->setVisible(!open.empty());
    const bool repeats =
        justification && send::repeatsAny(approvals().justification, m_plan->findings);
    m_missing->setText(repeats
                           ? tr("Your reason repeats what was found, and the journal would keep "
                                "it. Write it without.")
                       : justification ? tr("To send it as it is, give your reason above.")
                                       : tr("To send, tick what you confirm above."));
}

} // namespace sealpost::ui
