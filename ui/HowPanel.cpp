// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/HowPanel.h"

#include "ui/FindingRow.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/PlanActions.h"
#include "ui/Rows.h"
#include "wording/Wording.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace sealpost::ui {

HowPanel::HowPanel(RecipientStatusModel &model, QWidget *parent)
    : QFrame(parent), m_model(model), m_verdictIcon(new IconLabel), m_verdict(makeLabel({})),
      m_anchor(makeTabAnchor(this)), m_scroll(new QScrollArea), m_content(nullptr) {
    setLook(this, "card");
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceL, kSpaceM, kSpaceM, kSpaceM);
    column->setSpacing(kSpaceS);
    column->addWidget(makeLabel(tr("How this will be sent"), TextStyle::Heading));
    auto *row = new QHBoxLayout;
    row->setSpacing(kSpaceS);
    row->addWidget(m_verdictIcon, 0, Qt::AlignTop);
    row->addWidget(m_verdict, 1);
    column->addLayout(row);
    column->addWidget(makeRule());
    auto *inner = new QWidget;
    setLook(inner, "clear");
    m_content = new QVBoxLayout(inner);
    m_content->setContentsMargins(0, kSpaceXs, kSpaceXs, 0);
    m_content->setSpacing(kSpaceS);
    m_content->setAlignment(Qt::AlignTop);
    m_scroll->setWidget(inner);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    inner->setAutoFillBackground(false);
    column->addWidget(m_scroll, 1);
    setMinimumWidth(280);
    describe(this, tr("How this will be sent"));
    showEmpty();
}

QString HowPanel::verdict() const {
    return m_verdict->text();
}

void HowPanel::setVerdict(Tone tone, const QString &icon, const QString &text) {
    m_verdictIcon->setIcon(themedIcon(icon, tone));
    m_verdict->setText(text);
    m_verdict->setFont([] {
        QFont font;
        font.setWeight(QFont::DemiBold);
        return font;
    }());
    setTone(m_verdict, tone);
    m_verdict->setAccessibleName(text);
}

void HowPanel::showEmpty() {
    m_showsAll = false;
    m_reason.reset();
    m_rows.clear();
    clearLayout(m_content);
    setVerdict(Tone::Neutral, QStringLiteral("info"), tr("No recipient yet"));
    addInvitation();
    orderTabs();
}

void HowPanel::showChecking(Expect expect) {
    setVerdict(Tone::Neutral, QStringLiteral("checking"), tr("Checking…"));
    if (expect == Expect::Recipients && m_asksForRecipients) {
        keepReason();
        m_rows.clear();
        clearLayout(m_content);
        m_asksForRecipients = false;
        m_content->addWidget(makeLabel(
            tr("Looking at the recipients’ certificates and mail servers."), TextStyle::Muted));
    }
}

void HowPanel::setSuggestions(std::vector<mail::Address> people) {
    m_suggestions = std::move(people);
}

void HowPanel::showPreview(const Preview &preview, Classification chosen,
                           const QStringList &malformed) {
    m_shown = {preview, chosen};
    const bool follows = !m_refocus.empty(); // what has the focus gets another place
    const int scrolled = m_scroll->verticalScrollBar()->value();
    keepFocus();
    keepReason();
    rebuild(preview, chosen);
    settle();
    m_scroll->verticalScrollBar()->setValue(scrolled);
    orderTabs();
    giveReasonBack();
    giveFocusBack();
    if (auto *focused = QApplication::focusWidget(); follows && isAncestorOf(focused)) {
        m_scroll->ensureWidgetVisible(focused, 0, kSpaceL);
    }
    if (preview.problem) {
        setVerdict(Tone::Bad, QStringLiteral("warning"), tr("Could not be checked"));
    } else if (!preview.attachmentErrors.empty()) {
        setVerdict(Tone::Bad, QStringLiteral("blocked"), tr("An attachment can’t be sent"));
    } else if (!malformed.isEmpty()) {
        setVerdict(Tone::Bad, QStringLiteral("warning"),
                   tr("“%1” is not an e-mail address").arg(malformed.front()));
    } else if (preview.plan->blocked() || preview.pending.empty()) {
        setVerdictOf(*preview.plan);
    } else {
        setVerdict(Tone::Neutral, QStringLiteral("checking"),
                   preview.pending.size() == 1 ? tr("Looking through an attachment…")
                                               : tr("Looking through the attachments…"));
    }
}

//! What has the focus here goes with what is shown: its successor gets it.
void HowPanel::keepFocus() {
    const auto *focused = QApplication::focusWidget();
    if (focused == nullptr || !isAncestorOf(focused)) {
        m_refocus.clear(); // the person has gone elsewhere
    } else if (m_refocus.empty()) {
        m_refocus = focused->accessibleName().toStdString();
    }
}

void HowPanel::giveFocusBack() {
    const auto wanted = std::exchange(m_refocus, {});
    if (wanted.empty() || (m_reason && m_reason->focused)) {
        return;
    }
    for (auto *row : m_rows) {
        if (row->finding().mark == wanted && row->markButton() != nullptr) {
            row->markButton()->setFocus();
            return;
        }
    }
    for (int i = 0; i < m_content->count(); ++i) {
        auto *widget = m_content->itemAt(i)->widget();
        auto buttons = widget->findChildren<QPushButton *>();
        if (auto *self = qobject_cast<QPushButton *>(widget)) {
            buttons.prepend(self);
        }
        for (auto *button : buttons) {
            if (button->accessibleName().toStdString() == wanted) {
                button->setFocus();
                return;
            }
        }
    }
}

void HowPanel::keepReason() {
    if (m_rows.empty()) {
        return;
    }
    m_reason.reset();
    for (const auto *row : m_rows) {
        if (const auto *field = row->reasonField()) {
            m_reason = Reason{row->finding().mark, field->text(), field->hasFocus()};
        }
    }
}

void HowPanel::giveReasonBack() {
    if (!m_reason) {
        return;
    }
    for (auto *row : m_rows) {
        if (row->finding().mark != m_reason->mark) {
            continue;
        }
        auto *before = QApplication::focusWidget();
        row->askForReason(m_reason->text);
        if (!m_reason->focused && before != nullptr) {
            before->setFocus();
        }
        return;
    }
}

void HowPanel::setVerdictOf(const send::SendPlan &plan) {
    const auto &recipients = plan.decision.recipients;
    if (recipients.empty()) {
        std::none_of(plan.findings.begin(), plan.findings.end(), scan::stands)
            ? setVerdict(Tone::Neutral, QStringLiteral("info"), tr("No recipient yet"))
            : setVerdict(Tone::Caution, QStringLiteral("warning"), tr("Something was found"));
        return;
    }
    const auto blocked = std::count_if(recipients.begin(), recipients.end(), [](const auto &one) {
        return one.route == RouteKind::Blocked;
    });
    if (blocked > 0) {
        setVerdict(Tone::Bad, QStringLiteral("blocked"),
                   blocked == 1 ? tr("One recipient is blocked")
                                : tr("%1 recipients are blocked").arg(blocked));
    } else if (!plan.owed.empty()) {
        setVerdict(Tone::Caution, QStringLiteral("warning"), tr("Can be sent, once you confirm"));
    } else if (!needsNoWarning(plan)) {
        setVerdict(Tone::Caution, QStringLiteral("warning"),
                   tr("Can be sent, after a look at what was found"));
    } else {
        setVerdict(Tone::Good, QStringLiteral("done"), tr("Ready to send"));
    }
}

void HowPanel::rebuild(const Preview &preview, Classification chosen) {
    m_rows.clear();
    clearLayout(m_content);
    m_asksForRecipients = false;
    if (preview.problem) {
        addProblem(*preview.problem);
        return;
    }
    for (const auto &[path, error] : preview.attachmentErrors) {
        const auto text = wording::text(error);
        m_content->addWidget(makeNoteRow(QStringLiteral("blocked"), Tone::Bad,
                                         text.what + QLatin1Char(' ') + text.next));
    }
    if (const auto words = wording::markingText(preview.plan->marking, chosen); !words.isEmpty()) {
        m_content->addWidget(makeNoteRow(QStringLiteral("info"), Tone::Neutral, words));
    }
    if (!preview.plan->decision.recipients.empty()) {
        addRecipients(*preview.plan);
    } else {
        addInvitation();
    }
    addFindings(*preview.plan, chosen);
    addPending(preview);
}

void HowPanel::addRecipients(const send::SendPlan &plan) {
    for (const auto &decision : plan.decision.recipients) {
        QPushButton *why = nullptr;
        m_content->addWidget(
            makeRecipientRow(decision.address, statusOf(plan, decision), RowDetail::Brief, &why));
        connect(why, &QPushButton::clicked, this,
                [this, address = decision.address] { emit evidenceRequested(address); });
    }
    if (plan.transmissions.size() > 1) {
        m_content->addWidget(makeNoteRow(
            QStringLiteral("info"), Tone::Neutral,
            tr("Sent as %1 separate messages, because the ways differ or someone is in Bcc.")
                .arg(plan.transmissions.size())));
    }
}

void HowPanel::addFindings(const send::SendPlan &plan, Classification chosen) {
    if (plan.findings.empty() && plan.skipped.empty()) {
        return;
    }
    m_content->addWidget(makeRule());
    addHeading(tr("Found in this message"));
    const auto findings = standingFirst(plan.findings);
    const auto most = m_showsAll ? findings.size() : std::min(findings.size(), kFindingsAtFirst);
    for (std::size_t i = 0; i < most; ++i) {
        addFinding(findings[i]);
    }
    if (most < findings.size()) {
        auto *more = makeMoreButton(findings.size() - most);
        connect(
            more, &QPushButton::clicked, this,
            [this, mark = findings[most].mark] { showAll(mark); },
            Qt::QueuedConnection); // it goes with what is shown
        m_content->addWidget(more, 0, Qt::AlignLeft);
    }
    for (const auto &skipped : plan.skipped) {
        m_content->addWidget(
            makeNoteRow(QStringLiteral("unconfirmed"), Tone::Caution, wording::text(skipped)));
    }
    if (const auto raised = raiseCalledFor(plan.findings, chosen)) {
        addRaise(*raised);
    }
}

//! Else it is painted once with what is new squeezed into the room of what was there before.
void HowPanel::settle() {
    for (int i = 0; i < m_content->count(); ++i) {
        m_content->itemAt(i)->widget()->show(); // what is hidden still counts for nothing
    }
    auto *inner = m_scroll->widget();
    const int width = inner->width();
    inner->resize(width, std::max(inner->layout()->totalHeightForWidth(width),
                                  m_scroll->viewport()->height()));
    inner->layout()->activate();
}

void HowPanel::showAll(const std::string &next) {
    m_showsAll = true;
    keepReason();
    rebuild(m_shown.preview, m_shown.chosen);
    settle();
    orderTabs();
    giveReasonBack();
    m_refocus = next;
    giveFocusBack();
}

void HowPanel::addFinding(const scan::Finding &finding) {
    auto *row = new FindingRow(finding);
    m_rows.push_back(row);
    m_content->addWidget(row);
    row->show(); // now: the layout would do it later, and then nothing in it can have the focus yet
    connect(row, &FindingRow::showRequested, this,
            [this, finding] { emit findingRequested(finding); });
    // Later: the row goes with what it asks for.
    connect(
        row, &FindingRow::dismissed, this,
        [this, finding](const QString &reason) {
            m_refocus = finding.mark;
            emit dismissRequested(finding, reason);
        },
        Qt::QueuedConnection);
    connect(
        row, &FindingRow::restored, this,
        [this, finding] {
            m_refocus = finding.mark;
            emit restoreRequested(finding);
        },
        Qt::QueuedConnection);
}

void HowPanel::addRaise(Classification raised) {
    const auto word = toQString(base::toString(raised));
    auto *raise = new QPushButton(tr("Raise to %1").arg(word));
    raise->setIcon(themedIcon(QStringLiteral("lock")));
    describe(raise, raise->text(),
             tr("Sets the classification to %1, which is the least that what was found calls for.")
                 .arg(word));
    m_content->addWidget(raise);
    connect(raise, &QPushButton::clicked, this, [this, raised] { emit raiseRequested(raised); });
}

void HowPanel::addPending(const Preview &preview) {
    const auto &plan = *preview.plan;
    if (preview.pending.empty()) {
        if (plan.findings.empty() && plan.skipped.empty() && !plan.decision.recipients.empty()) {
            m_content->addWidget(makeRule());
            m_content->addWidget(makeNoteRow(QStringLiteral("tick"), Tone::Good,
                                             tr("Nothing sensitive found in this message")));
        }
        return;
    }
    m_content->addWidget(makeRule());
    for (const auto &path : preview.pending) {
        const auto name = QFile::decodeName(path.filename().c_str());
        m_content->addWidget(makeNoteRow(QStringLiteral("checking"), Tone::Neutral,
                                         tr("%1 is still being looked through.").arg(name)));
    }
}

void HowPanel::addProblem(const Error &problem) {
    const auto text = wording::text(problem);
    m_content->addWidget(makeLabel(text.what));
    m_content->addWidget(makeLabel(text.next, TextStyle::Muted));
    m_content->addWidget(
        makeLabel(tr("Code for the helpdesk: %1").arg(text.code), TextStyle::Small));
}

void HowPanel::addInvitation() {
    m_asksForRecipients = true;
    m_content->addWidget(makeLabel(
        tr("Add a recipient to see how the message will be protected on its way to them."),
        TextStyle::Muted));
    addSuggestions();
}

void HowPanel::addSuggestions() {
    if (m_suggestions.empty()) {
        return;
    }
    auto *group = new QWidget;
    auto *column = new QVBoxLayout(group);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeLabel(tr("Practice with one of these people:"), TextStyle::Strong));
    for (const auto &person : m_suggestions) {
        const auto name = toQString(person.shortName());
        auto *button = makeLinkButton(withoutMnemonic(name));
        button->setIcon(themedIcon(QStringLiteral("person")));
        button->setToolTip(toQString(person.spec()).toHtmlEscaped());
        describe(button, tr("Add %1").arg(name),
                 tr("Adds this practice person to the recipients."));
        connect(button, &QPushButton::clicked, this,
                [this, person] { emit suggestionChosen(person); });
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    m_content->addWidget(group);
}

void HowPanel::orderTabs() {
    QWidget *before = m_anchor;
    for (int i = 0; i < m_content->count(); ++i) {
        auto *widget = m_content->itemAt(i)->widget();
        auto buttons = widget->findChildren<QPushButton *>();
        if (auto *self = qobject_cast<QPushButton *>(widget)) {
            buttons.prepend(self);
        }
        for (auto *button : buttons) {
            setTabOrder(before, button);
            before = button;
        }
    }
}

void HowPanel::addHeading(const QString &text) {
    m_content->addWidget(makeLabel(text, TextStyle::Strong));
}

} // namespace sealpost::ui
