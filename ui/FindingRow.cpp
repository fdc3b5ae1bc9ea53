// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FindingRow.h"

#include "mail/Draft.h"
#include "send/Dismissals.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/Rows.h"
#include "wording/Wording.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QTimer>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr int kLongestReason = 500;
constexpr int kLinkFrame = 4; //!< border and padding of a link in the style sheet

QString capitalised(QString text) {
    if (!text.isEmpty()) {
        text[0] = text.at(0).toUpper();
    }
    return text;
}

bool isReason(const QString &text) {
    return text.trimmed().toUtf8().size() >= static_cast<qsizetype>(mail::kShortestReason);
}

} // namespace

QString FindingRow::reasonHintText() {
    return tr("At least ten characters. It is kept in the journal; don’t repeat what was found.");
}

std::vector<scan::Finding> standingFirst(std::vector<scan::Finding> findings) {
    std::stable_partition(findings.begin(), findings.end(), scan::stands);
    return findings;
}

QPushButton *makeMoreButton(std::size_t more) {
    const auto text = FindingRow::tr("Show %1 more").arg(QLocale().toString(qulonglong{more}));
    auto *button = makeLinkButton(text);
    describe(button, text, FindingRow::tr("Lists everything that was found."));
    return button;
}

FindingRow::FindingRow(const scan::Finding &finding, QWidget *parent)
    : QWidget(parent), m_finding(finding), m_column(nullptr) {
    auto *grid = makeRowGrid(
        this, scan::stands(finding) ? QStringLiteral("warning") : QStringLiteral("info"),
        scan::stands(finding) ? Tone::Caution : Tone::Neutral);
    addFacts(grid);
    m_column = new QVBoxLayout;
    m_column->setSpacing(kSpaceXs);
    // Under the icon too: a link's frame shows only with the focus, and its text is to stand under
    // the text above it.
    const auto textStart = grid->itemAtPosition(0, 0)->sizeHint().width() + kSpaceS;
    m_column->setContentsMargins(textStart - kLinkFrame, 0, 0, 0);
    grid->addLayout(m_column, grid->rowCount(), 0, 1, 3);
    addLink(m_column);
    setToolTip(wording::whyText(finding));
}

void FindingRow::addFacts(QGridLayout *grid) {
    const auto name = capitalised(wording::findingName(m_finding));
    const auto place = wording::locationText(m_finding.location);
    grid->addWidget(makeLabel(name, TextStyle::Strong), 0, 1);
    m_show = makeLinkButton(tr("Show"));
    describe(m_show, tr("Show %1 in %2").arg(name, place),
             tr("Goes to the place in the message or to the attachment."));
    connect(m_show, &QPushButton::clicked, this, &FindingRow::showRequested);
    grid->addWidget(m_show, 0, 2, 2, 1, Qt::AlignTop);
    grid->addWidget(makeLabel(breakable(place), TextStyle::Muted), 1, 1);
    if (!scan::stands(m_finding)) {
        grid->addWidget(makeLabel(breakable(wording::dismissedText(m_finding)), TextStyle::Muted),
                        2, 1, 1, 2);
        return;
    }
    if (!m_finding.excerpt.empty()) {
        auto *excerpt = makeLabel(toQString(m_finding.excerpt), TextStyle::Muted);
        auto font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(excerpt->font().pointSizeF() * 0.92);
        excerpt->setFont(font);
        grid->addWidget(excerpt, 2, 1, 1, 2);
    }
    grid->addWidget(makeLabel(breakable(wording::nextStep(m_finding)), TextStyle::Muted), 3, 1, 1,
                    2);
}

void FindingRow::addLink(QVBoxLayout *column) {
    if (!m_finding.dismissible) {
        return;
    }
    const auto what =
        tr("%1 in %2")
            .arg(wording::findingName(m_finding), wording::locationText(m_finding.location));
    if (scan::stands(m_finding)) {
        const auto link = wording::dismissLink(m_finding);
        m_mark = makeLinkButton(link);
        describe(m_mark, link + QLatin1Char(' ') + capitalised(what),
                 tr("Lets you say, with a reason, that this was wrongly found. It then no longer "
                    "counts; your reason is kept in the journal."));
        connect(m_mark, &QPushButton::clicked, this, [this] { askForReason(); });
    } else {
        m_mark = makeLinkButton(tr("Undo"));
        describe(m_mark, tr("Undo: let %1 count again").arg(what),
                 tr("Takes your statement back, so that this finding counts again."));
        connect(m_mark, &QPushButton::clicked, this, &FindingRow::restored);
    }
    column->addWidget(m_mark, 0, Qt::AlignLeft);
}

void FindingRow::askForReason(const QString &begun) {
    if (m_form != nullptr || m_mark == nullptr || !scan::stands(m_finding)) {
        return;
    }
    m_mark->hide();
    m_form = new QWidget;
    auto *column = new QVBoxLayout(m_form);
    column->setContentsMargins(kLinkFrame, kSpaceXs, 0, 0);
    column->setSpacing(kSpaceXs);
    const auto question = wording::dismissQuestion(m_finding);
    auto *label = makeLabel(question, TextStyle::Strong);
    column->addWidget(label);
    m_reason = new QLineEdit(begun);
    m_reason->setMaxLength(kLongestReason);
    m_reason->installEventFilter(this);
    label->setBuddy(m_reason);
    const auto hint = reasonHintText();
    describe(m_reason, question, hint);
    column->addWidget(m_reason);
    m_hint = makeLabel(hint, TextStyle::Small);
    column->addWidget(m_hint);
    auto *row = new QHBoxLayout;
    row->setSpacing(kSpaceS);
    m_save = new QPushButton(tr("Mark as wrong"));
    m_save->setAutoDefault(false);
    describe(m_save, tr("Mark as wrong"), tr("This finding then no longer counts."));
    connect(m_save, &QPushButton::clicked, this, &FindingRow::save);
    row->addWidget(m_save);
    auto *cancel = makeLinkButton(tr("Cancel"));
    cancel->setAutoDefault(false);
    describe(cancel, tr("Cancel"), tr("Leaves the finding as it is."));
    connect(cancel, &QPushButton::clicked, this, &FindingRow::closeForm);
    row->addWidget(cancel);
    row->addStretch(1);
    column->addLayout(row);
    m_column->addWidget(m_form);
    m_form->show();
    setTabOrder(m_show, m_reason);
    setTabOrder(m_reason, m_save);
    setTabOrder(m_save, cancel);
    connect(m_reason, &QLineEdit::textChanged, this, &FindingRow::judgeReason);
    judgeReason();
    m_reason->setFocus();
    // Once it has its place.
    QTimer::singleShot(0, m_form, [form = m_form] {
        for (auto *parent = form->parentWidget(); parent != nullptr;
             parent = parent->parentWidget()) {
            if (auto *area = qobject_cast<QScrollArea *>(parent)) {
                area->ensureWidgetVisible(form, 0, kSpaceS);
                return;
            }
        }
    });
}

bool FindingRow::hasReason() const {
    return m_reason != nullptr && isReason(m_reason->text()) &&
           !send::repeats(m_reason->text().toStdString(), m_finding);
}

void FindingRow::judgeReason() {
    const bool repeats = send::repeats(m_reason->text().toStdString(), m_finding);
    m_save->setEnabled(hasReason());
    m_hint->setText(repeats ? tr("This repeats what was found, and the journal would keep it. Say "
                                 "why it was wrongly found without writing it down again.")
                            : reasonHintText());
    setTone(m_hint, repeats ? Tone::Bad : Tone::Neutral);
}

void FindingRow::closeForm() {
    if (m_form == nullptr) {
        return;
    }
    m_form->hide();
    m_form->deleteLater();
    m_form = nullptr;
    m_reason = nullptr;
    m_save = nullptr;
    m_hint = nullptr;
    m_mark->show();
    m_mark->setFocus();
}

void FindingRow::save() {
    if (hasReason()) {
        const auto reason = m_reason->text().trimmed();
        closeForm();
        emit dismissed(reason);
    }
}

//! Return and Escape are for the form, not for the dialog around it.
bool FindingRow::eventFilter(QObject *watched, QEvent *event) {
    if (watched == m_reason && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool plain = (key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
        if (plain && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
            save();
            return true;
        }
        if (plain && key->key() == Qt::Key_Escape) {
            closeForm();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace sealpost::ui
