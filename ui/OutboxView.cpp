// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/OutboxView.h"

#include "ui/Announce.h"
#include "ui/Controls.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/Tables.h"
#include "wording/OutboxText.h"
#include "wording/Wording.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

namespace sealpost::ui {

using store::OutboxState;

namespace {

QString recipientsText(const store::OutboxEntry &entry) {
    QStringList recipients;
    for (const auto &recipient : entry.recipients) {
        recipients << toQString(recipient);
    }
    return recipients.join(QStringLiteral(", "));
}

bool waits(const store::OutboxEntry &entry) {
    return entry.state == OutboxState::Queued || entry.state == OutboxState::Deferred;
}

//! As runtime::mayBeTakenBack(), which has the last word.
bool returnable(const store::OutboxEntry &entry) {
    return !entry.draftJson.empty() && (waits(entry) || entry.state == OutboxState::Failed);
}

QString nextTryText(const store::OutboxEntry &entry) {
    return entry.state == OutboxState::Deferred && entry.nextTry != Time{}
               ? wording::timeText(entry.nextTry)
               : QString();
}

} // namespace

OutboxView::OutboxView(ComposeService &service, Dialogs &dialogs, QWidget *parent)
    : QDialog(parent), m_service(service), m_dialogs(dialogs),
      m_table(makeTable({tr("State"), tr("Since"), tr("Next try"), tr("To")}, tr("Outbox"))),
      m_sentences(makeLabel(tr("Looking…"))), m_evidence(new QPlainTextEdit),
      m_arrived(new QPushButton(tr("It &arrived"))),
      m_notArrived(new QPushButton(tr("It did &not arrive"))),
      m_again(new QPushButton(tr("&Try again now"))),
      m_takeBack(new QPushButton(tr("&Make it a draft again"))),
      m_discard(makeLinkButton(tr("&Discard…"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Outbox"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("Outbox"), TextStyle::Title));
    column->addWidget(makeLabel(tr("What waits is tried again by itself while Sealpost is open, "
                                   "and looked at anew before.")));
    column->addWidget(m_table, 2);
    connect(m_table, &QTableWidget::itemSelectionChanged, this,
            [this] { choose(m_table->currentRow()); });
    buildDetail(column);
    resize(820, 600);
    choose(-1);
    m_sentences->setText(tr("Looking…"));
    reload();
}

void OutboxView::buildDetail(QVBoxLayout *column) {
    column->addWidget(m_sentences);
    m_evidence->setReadOnly(true);
    m_evidence->setTabChangesFocus(true);
    describe(m_evidence, tr("Evidence"), tr("What is known of the last try, for your helpdesk."));
    column->addWidget(m_evidence, 1);
    column->addLayout(buildButtons());
}

QHBoxLayout *OutboxView::buildButtons() {
    describe(m_arrived, tr("It arrived"),
             tr("The recipient has it: Sealpost never sends it again."));
    describe(m_notArrived, tr("It did not arrive"),
             tr("The recipient does not have it: it waits to be sent again."));
    describe(m_again, tr("Try again now"),
             tr("Looks at the recipients once more, and sends the message to those who wait."));
    describe(m_takeBack, tr("Make it a draft again"),
             tr("Takes the message out of the outbox and back into the window, for those who have "
                "not got it."));
    describe(m_discard, tr("Discard the chosen message"),
             tr("Removes the message from this computer for good, after asking."));
    auto *row = new QHBoxLayout;
    row->addWidget(m_discard);
    row->addStretch(1);
    for (auto *button : {m_arrived, m_notArrived, m_takeBack, m_again}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    auto *close = makePrimaryButton(tr("&Close"));
    describe(close, tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(close);
    connect(m_arrived, &QPushButton::clicked, this, [this] { act(OutboxAct::Arrived); });
    connect(m_notArrived, &QPushButton::clicked, this, [this] { act(OutboxAct::NotArrived); });
    connect(m_again, &QPushButton::clicked, this, [this] { act(OutboxAct::TryAgain); });
    connect(m_takeBack, &QPushButton::clicked, this, [this] { act(OutboxAct::TakeBack); });
    connect(m_discard, &QPushButton::clicked, this, [this] { act(OutboxAct::Discard); });
    return row;
}

QPushButton *OutboxView::button(OutboxAct act) const {
    switch (act) {
    case OutboxAct::Arrived:
        return m_arrived;
    case OutboxAct::NotArrived:
        return m_notArrived;
    case OutboxAct::TryAgain:
        return m_again;
    case OutboxAct::TakeBack:
        return m_takeBack;
    case OutboxAct::Discard:
        return m_discard;
    }
    return nullptr;
}

void OutboxView::reload() {
    onFinished(this, m_service.outbox(),
               [this](const Result<std::vector<store::OutboxEntry>> &entries) { fill(entries); });
}

void OutboxView::fill(const Result<std::vector<store::OutboxEntry>> &entries) {
    m_entries = entries ? *entries : std::vector<store::OutboxEntry>();
    m_table->setRowCount(static_cast<int>(m_entries.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto &entry = m_entries[static_cast<std::size_t>(row)];
        m_table->setItem(row, 0, new QTableWidgetItem(wording::outboxStateWord(entry.state)));
        m_table->setItem(row, 1, new QTableWidgetItem(wording::timeText(entry.changed)));
        m_table->setItem(row, 2, new QTableWidgetItem(nextTryText(entry)));
        m_table->setItem(row, 3, new QTableWidgetItem(recipientsText(entry)));
    }
    fitColumns(m_table);
    if (!entries) {
        choose(-1);
        m_sentences->setText(errorLine(entries.error()));
    } else if (m_entries.empty()) {
        choose(-1);
        m_sentences->setText(tr("The outbox is empty."));
    } else {
        const auto before =
            std::find_if(m_entries.begin(), m_entries.end(),
                         [this](const auto &entry) { return entry.id == m_chosen; });
        const int row = before == m_entries.end()
                            ? 0
                            : static_cast<int>(std::distance(m_entries.begin(), before));
        m_table->selectRow(row);
        choose(row);
    }
    emit loaded();
}

void OutboxView::choose(int row) {
    const bool any = row >= 0 && row < static_cast<int>(m_entries.size());
    const store::OutboxEntry none;
    const auto &entry = any ? m_entries[static_cast<std::size_t>(row)] : none;
    m_chosen = entry.id;
    const bool uncertain = any && entry.state == OutboxState::Uncertain;
    m_arrived->setVisible(uncertain);
    m_notArrived->setVisible(uncertain);
    m_again->setVisible(any && waits(entry));
    m_takeBack->setVisible(any && returnable(entry));
    m_discard->setEnabled(any);
    auto sentences = any ? wording::outboxSentences(entry) : QStringList();
    sentences.removeAll(QString());
    m_sentences->setText(sentences.join(QLatin1Char(' ')));
    m_sentences->setAccessibleName(m_sentences->text());
    m_evidence->setPlainText(any ? wording::outboxEvidence(entry).join(QLatin1Char('\n'))
                                 : QString());
}

void OutboxView::act(OutboxAct act) {
    const int row = m_table->currentRow();
    if (row < 0 || row >= static_cast<int>(m_entries.size())) {
        return;
    }
    const auto &entry = m_entries[static_cast<std::size_t>(row)];
    if (act != OutboxAct::Discard) {
        doAct(entry.id, act);
        return;
    }
    m_dialogs.ask(
        this,
        {tr("Discard this message?"),
         tr("It is removed from this computer for good. To: %1.").arg(recipientsText(entry)),
         tr("&Discard"),
         tr("&Keep"),
         {}},
        [this, id = entry.id](bool yes) {
            if (yes) {
                doAct(id, OutboxAct::Discard);
            }
        });
}

void OutboxView::doAct(std::int64_t id, OutboxAct act) {
    for (const auto each : {OutboxAct::TryAgain, OutboxAct::Arrived, OutboxAct::NotArrived,
                            OutboxAct::TakeBack, OutboxAct::Discard}) {
        button(each)->setEnabled(false);
    }
    if (act == OutboxAct::TryAgain) {
        m_sentences->setText(tr("Trying…"));
    }
    onFinished(this, m_service.actOn(id, act),
               [this](const Result<OutboxDone> &done) { took(done); });
}

void OutboxView::took(const Result<OutboxDone> &done) {
    for (const auto each : {OutboxAct::TryAgain, OutboxAct::Arrived, OutboxAct::NotArrived,
                            OutboxAct::TakeBack, OutboxAct::Discard}) {
        button(each)->setEnabled(true);
    }
    if (!done) {
        m_dialogs.error(this, wording::text(done.error()));
    }
    reload();
    emit changed();
    if (done && done->draft) {
        emit takenBack(*done->draft);
    }
}

} // namespace sealpost::ui
