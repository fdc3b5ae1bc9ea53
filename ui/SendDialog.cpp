// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SendDialog.h"

#include "ui/Fold.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/ScrollArea.h"
#include "ui/SendOutcome.h"
#include "wording/Wording.h"

#include <QAccessible>
#include <QGridLayout>
#include <QProgressBar>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

using send::SendStep;

constexpr int kStepsPerTransmission = 4;

struct StepText {
    int position; //!< of kStepsPerTransmission
    const char *text;
};

StepText textOf(SendStep step) {
    switch (step) {
    case SendStep::Checked:
    case SendStep::Approved:
        return {0, QT_TRANSLATE_NOOP("SendDialog", "Checked and approved")};
    case SendStep::Sealing:
        return {0, QT_TRANSLATE_NOOP("SendDialog", "Preparing and protecting the message…")};
    case SendStep::Queued:
        return {1, QT_TRANSLATE_NOOP("SendDialog", "Kept safely in the outbox")};
    case SendStep::Submitting:
        return {1, QT_TRANSLATE_NOOP("SendDialog", "Handing it over to your mail server…")};
    case SendStep::Committing:
        return {2, QT_TRANSLATE_NOOP("SendDialog", "Waiting for the server’s answer…")};
    case SendStep::Replied:
    case SendStep::Recorded:
        return {3, QT_TRANSLATE_NOOP("SendDialog", "The server has answered")};
    case SendStep::Journaled:
        return {4, QT_TRANSLATE_NOOP("SendDialog", "Written to the journal")};
    }
    return {0, ""};
}

} // namespace

SendDialog::SendDialog(PlanPtr plan, QWidget *parent)
    : QDialog(parent), m_plan(std::move(plan)), m_title(makeLabel({}, TextStyle::Title)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(m_title);
    auto *inner = new QWidget;
    setLook(inner, "clear");
    m_page = new QVBoxLayout(inner);
    m_page->setContentsMargins(0, 0, 0, 0);
    m_page->setSpacing(kSpaceM);
    m_page->setAlignment(Qt::AlignTop);
    auto *scroll = makeScrollArea(inner);
    column->addWidget(scroll, 1);
    m_buttonColumn = new QVBoxLayout;
    column->addLayout(m_buttonColumn);
    setMinimumSize(460, 240);
    resize(540, 300);

    setTitle(tr("Sending…"));
    m_step = makeLabel(tr("Checked and approved"));
    m_page->addWidget(m_step);
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->setRange(0, std::max(1, static_cast<int>(m_plan->transmissions.size())) *
                           kStepsPerTransmission);
    describe(m_bar, tr("Progress of sending"));
    m_page->addWidget(m_bar);
    m_stop = addButton(new QPushButton(tr("&Stop")),
                       tr("Stops sending. Possible until the server has all of the message."));
    connect(m_stop, &QPushButton::clicked, this, &SendDialog::reject);
}

QString SendDialog::title() const {
    return m_title->text();
}

void SendDialog::setTitle(const QString &title) {
    m_title->setText(title);
    setWindowTitle(title);
    setAccessibleName(title);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

QPushButton *SendDialog::addButton(QPushButton *button, const QString &help) {
    auto *row = m_buttonColumn->count() == 0
                    ? nullptr
                    : qobject_cast<QHBoxLayout *>(m_buttonColumn->itemAt(0)->layout());
    if (row == nullptr) {
        row = new QHBoxLayout;
        row->setSpacing(kSpaceM);
        row->addStretch(1);
        m_buttonColumn->addLayout(row);
    }
    describe(button, button->text().remove(QLatin1Char('&')), help);
    button->setAutoDefault(false);
    row->addWidget(button);
    return button;
}

void SendDialog::clearPage() {
    clearLayout(m_page);
    clearLayout(m_buttonColumn);
    m_step = nullptr;
    m_bar = nullptr;
    m_stop = nullptr;
    m_phase = Phase::Ended;
    m_canStop = false;
}

void SendDialog::showStep(const SendStepAt &at) {
    if (m_phase == Phase::Ended) {
        return;
    }
    const auto text = textOf(at.step);
    auto sentence = tr(text.text);
    const auto all = m_plan->transmissions.size();
    if (all > 1 && at.step >= SendStep::Submitting) {
        sentence = tr("Message %1 of %2: %3").arg(at.transmission + 1).arg(all).arg(sentence);
    }
    m_step->setText(sentence);
    m_bar->setValue(static_cast<int>(at.transmission) * kStepsPerTransmission + text.position);
    // Once the last dot is out the server may have the message: to stop would be to not know.
    m_canStop = at.step < SendStep::Committing;
    m_stop->setEnabled(m_canStop);
}

void SendDialog::showReceipts(const std::vector<send::Receipt> &receipts) {
    clearPage();
    const auto outcomes = outcomesOf(*m_plan, receipts);
    setTitle(outcomeTitle(outcomes));
    addReceiptRows(receipts);
    addErrorOf(receipts);
    QStringList technical;
    for (const auto &receipt : receipts) {
        technical << technicalText(receipt);
    }
    auto *fold = new Fold(tr("Show technical details"), technical.join(QLatin1String("\n\n")));
    connect(fold, &Fold::toggled, this, [this](bool open) {
        if (open && height() < 520) {
            resize(std::max(width(), 620), 520);
        }
    });
    m_page->addWidget(fold);

    auto *save = addButton(makeLinkButton(tr("&Save receipt…")),
                           tr("Saves what happened as a file, for your records."));
    save->setIcon(themedIcon(QStringLiteral("save")));
    connect(save, &QPushButton::clicked, this, &SendDialog::saveRequested);
    auto *close = addButton(makePrimaryButton(tr("&Close")));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setFocus();
    fitHeight();
}

void SendDialog::addReceiptRows(const std::vector<send::Receipt> &receipts) {
    for (const auto &outcome : outcomesOf(*m_plan, receipts)) {
        auto *row = new QWidget;
        auto *grid = new QGridLayout(row);
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(kSpaceS);
        grid->setVerticalSpacing(1);
        grid->setColumnStretch(1, 1);
        const auto tone = outcome.waits ? Tone::Caution : toneOf(outcome.delivery);
        const auto icon = outcome.waits ? QStringLiteral("checking") : iconOf(outcome.delivery);
        grid->addWidget(new IconLabel(themedIcon(icon, tone), 18), 0, 0, Qt::AlignTop);
        grid->addWidget(makeLabel(toQString(outcome.address.shortName()), TextStyle::Strong), 0, 1);
        auto *word =
            makeLabel(outcome.waits ? tr("Waits in the outbox: it is tried again by itself")
                                    : wording::text(outcome.delivery),
                      TextStyle::Body);
        setTone(word, tone);
        grid->addWidget(word, 1, 1);
        if (outcome.delivery == submit::Delivery::Accepted) {
            grid->addWidget(makeLabel(tr("Went %1").arg(wording::routeSentence(outcome.route)),
                                      TextStyle::Muted),
                            2, 1);
        } else if (!outcome.reply.empty()) {
            grid->addWidget(makeLabel(tr("The server said: %1").arg(toQString(outcome.reply)),
                                      TextStyle::Muted),
                            2, 1);
        }
        m_page->addWidget(row);
    }
}

void SendDialog::addErrorOf(const std::vector<send::Receipt> &receipts) {
    const auto failed = std::find_if(receipts.begin(), receipts.end(), [](const auto &receipt) {
        return receipt.outcome.error.has_value();
    });
    if (failed != receipts.end()) {
        const auto text = wording::text(failed->outcome);
        m_page->addWidget(makeNotice(Tone::Caution, QStringLiteral("info"),
                                     text.what + QLatin1Char(' ') + text.next));
        m_page->addWidget(
            makeLabel(tr("Code for the helpdesk: %1").arg(text.code), TextStyle::Small));
    }
    if (remainingDraft(*m_plan, receipts)) {
        m_page->addWidget(
            makeLabel(tr("Your message is kept, with the recipients who have not got it."),
                      TextStyle::Muted));
    }
}

void SendDialog::showError(const Error &error) {
    clearPage();
    const auto text = wording::text(error);
    setTitle(tr("Nothing was sent"));
    m_page->addWidget(makeNotice(Tone::Bad, QStringLiteral("warning"), text.what));
    m_page->addWidget(makeLabel(text.next));
    m_page->addWidget(makeLabel(tr("Your message is as it was."), TextStyle::Muted));
    m_page->addWidget(makeLabel(tr("Code for the helpdesk: %1").arg(text.code), TextStyle::Small));
    // What was checked may have changed or grown old: to send anew checks anew.
    const bool anew = error.reaction == Reaction::Retry || error.code == "plan.expired" ||
                      error.code == "plan.changed";
    if (anew) {
        auto *again = addButton(makeLinkButton(tr("&Try again")));
        connect(again, &QPushButton::clicked, this, [this] {
            emit tryAgainRequested();
            accept();
        });
    }
    auto *back = addButton(makePrimaryButton(tr("&Back to message")));
    back->setDefault(true);
    connect(back, &QPushButton::clicked, this, &QDialog::accept);
    back->setFocus();
    fitHeight();
}

void SendDialog::fitHeight() {
    const auto *page = m_page->parentWidget();
    const int inner = width() - 2 * kSpaceXl;
    const int content =
        page->hasHeightForWidth() ? page->heightForWidth(inner) : page->sizeHint().height();
    constexpr int kAround = 150; // title, buttons and margins
    resize(width(), std::clamp(content + kAround, 260, 620));
}

void SendDialog::reject() {
    switch (m_phase) {
    case Phase::Sending:
        if (m_canStop) {
            m_canStop = false;
            m_stop->setEnabled(false);
            m_step->setText(tr("Stopping…"));
            emit stopRequested();
        }
        break;
    case Phase::Ended:
        QDialog::reject();
        break;
    }
}

} // namespace sealpost::ui
