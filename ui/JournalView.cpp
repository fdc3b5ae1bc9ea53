// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/JournalView.h"

#include "store/JournalForms.h"
#include "ui/Announce.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/Tables.h"
#include "wording/Wording.h"

#include <QHBoxLayout>
#include <QTableWidget>

namespace sealpost::ui {
namespace {

QString factsText(const std::map<std::string, std::string> &facts) {
    QStringList parts;
    for (const auto &[name, value] : facts) {
        parts << QStringLiteral("%1: %2").arg(toQString(name), toQString(value));
    }
    return parts.join(QStringLiteral("   "));
}

} // namespace

JournalView::JournalView(ComposeService &service, QWidget *parent)
    : QDialog(parent), m_verdict(new QVBoxLayout),
      m_table(makeTable({tr("When"), tr("What"), tr("Facts")}, tr("Journal"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Journal"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("Journal"), TextStyle::Title));
    column->addWidget(makeLabel(tr("What was decided, approved and sent. It holds no content and "
                                   "no secret.")));
    column->addLayout(m_verdict);
    m_verdict->addWidget(makeLabel(tr("Looking…"), TextStyle::Muted));
    column->addWidget(m_table, 1);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *close = makePrimaryButton(tr("&Close"));
    describe(close, tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(close);
    column->addLayout(row);
    resize(820, 520);
    onFinished(this, service.journal(),
               [this](const Result<JournalContents> &journal) { fill(journal); });
}

void JournalView::fill(const Result<JournalContents> &journal) {
    clearLayout(m_verdict);
    if (!journal) {
        m_verdict->addWidget(
            makeNotice(Tone::Bad, QStringLiteral("warning"), errorLine(journal.error())));
        emit loaded();
        return;
    }
    const auto &verdict = journal->verdict;
    m_verdict->addWidget(
        verdict.intact
            ? makeNotice(Tone::Good, QStringLiteral("done"),
                         tr("All %1 lines are as they were written.").arg(verdict.lines))
            : makeNotice(Tone::Bad, QStringLiteral("warning"),
                         tr("From line %1 on the journal can’t be relied on (%2). Tell your "
                            "security team.")
                             .arg(verdict.firstBad)
                             .arg(toQString(verdict.what))));
    m_table->setRowCount(static_cast<int>(journal->lines.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto &line = journal->lines[static_cast<std::size_t>(row)];
        m_table->setItem(row, 0, new QTableWidgetItem(wording::timeText(line.time)));
        m_table->setItem(row, 1, new QTableWidgetItem(toQString(line.event)));
        auto *facts = new QTableWidgetItem(factsText(store::shownFacts(line)));
        facts->setToolTip(facts->text().toHtmlEscaped());
        m_table->setItem(row, 2, facts);
    }
    fitColumns(m_table);
    emit loaded();
}

} // namespace sealpost::ui
