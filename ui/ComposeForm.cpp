// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ComposeForm.h"

#include "ui/AttachmentBar.h"
#include "ui/AttachmentChip.h"
#include "ui/ClassificationBox.h"
#include "ui/Controls.h"
#include "ui/DropChooser.h"
#include "ui/ForwardRow.h"
#include "ui/HowPanel.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/MarkingRow.h"
#include "ui/ReadingWindow.h"
#include "ui/RecipientField.h"
#include "ui/TextRange.h"

#include <QDragEnterEvent>
#include <QFile>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QTextCursor>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr int kPanelBesideFrom = 900; //!< pixels of width
constexpr int kPanelWidth = 330;

} // namespace

ComposeForm::ComposeForm(ComposeService &service, RecipientStatusModel &model, QWidget *parent)
    : QWidget(parent), m_from(new ComboBox), m_classification(new ClassificationBox),
      m_to(new RecipientField(tr("To"), model)), m_cc(new RecipientField(tr("Cc"), model)),
      m_bcc(new RecipientField(tr("Bcc"), model)), m_showCc(makeLinkButton(tr("Add &Cc"))),
      m_showBcc(makeLinkButton(tr("Add &Bcc"))), m_subject(new QLineEdit),
      m_marking(new MarkingRow), m_forward(new ForwardRow), m_body(new QPlainTextEdit),
      m_attachments(new AttachmentBar(service)), m_chooser(new DropChooser(this)),
      m_panel(new HowPanel(model)), m_middle(new QBoxLayout(QBoxLayout::LeftToRight)) {
    setAcceptDrops(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceM);
    column->addWidget(makeHead());

    auto *writing = new QVBoxLayout;
    writing->setSpacing(kSpaceS);
    m_body->setTabChangesFocus(true);
    m_body->setMinimumHeight(96);
    m_body->setPlaceholderText(tr("Write your message"));
    m_body->setAcceptDrops(false); // a dropped file is an attachment, not its path as text
    describe(m_body, tr("Message"), tr("The text of the message, as plain text."));
    writing->addWidget(m_body, 1);
    writing->addWidget(m_attachments);
    m_middle->setSpacing(kSpaceL);
    m_middle->addLayout(writing, 1);
    m_middle->addWidget(m_panel);
    column->addLayout(m_middle, 1);
    connectFields();
    showCopies(false, false);
    connect(m_chooser, &DropChooser::openChosen, this, &ComposeForm::openRequested);
    connect(m_chooser, &DropChooser::attachChosen, m_attachments, &AttachmentBar::add);

    setTabOrder(m_from, m_classification);
    m_to->placeInTabOrder(m_classification);
    setTabOrder(m_to->edit(), m_showCc);
    setTabOrder(m_showCc, m_showBcc);
    m_cc->placeInTabOrder(m_showBcc);
    m_bcc->placeInTabOrder(m_cc->edit());
    placeInTabOrder();
}

void ComposeForm::placeInTabOrder() {
    setTabOrder(m_bcc->edit(), m_subject);
    setTabOrder(m_subject, m_marking->first());
    setTabOrder(m_marking->first(), m_marking->last());
    setTabOrder(m_marking->last(), m_forward->first());
    setTabOrder(m_forward->first(), m_forward->last());
    setTabOrder(m_forward->last(), m_body);
}

void ComposeForm::addMarkingAndForward(QGridLayout *grid) {
    m_markingLabel = makeFieldLabel(tr("&Handling"), m_marking->first());
    grid->addWidget(m_markingLabel, 5, 0);
    grid->addWidget(m_marking, 5, 1);
    m_forwardLabel = makeFieldLabel(tr("For&wards"), m_forward->first());
    grid->addWidget(m_forwardLabel, 6, 0);
    grid->addWidget(m_forward, 6, 1);
    m_forwardLabel->hide();
    m_markingLabel->hide();
    m_marking->hide();
}

void ComposeForm::setMarkingWords(const std::vector<std::string> &handling,
                                  const std::vector<std::string> &descriptors) {
    const QScopedValueRollback quiet(m_quiet, true);
    m_marking->setOffered(handling, descriptors);
    const bool any = !handling.empty() || !descriptors.empty();
    m_marking->setVisible(any);
    m_markingLabel->setVisible(any);
}

void ComposeForm::forward(const QString &file) {
    m_forward->setForwarded(
        mail::Forwarded{QFile::encodeName(file).toStdString(), mail::ForwardForm::Attached});
    m_forwardLabel->show();
    emit changed();
}

QLabel *ComposeForm::makeFieldLabel(const QString &text, QWidget *buddy) {
    auto *label = makeLabel(text, TextStyle::Strong);
    label->setWordWrap(false);
    label->setBuddy(buddy);
    return label;
}

QWidget *ComposeForm::makeHead() {
    auto *head = new QWidget;
    auto *grid = new QGridLayout(head);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kSpaceM);
    grid->setVerticalSpacing(kSpaceS);
    grid->setColumnStretch(1, 1);

    describe(m_from, tr("From"), tr("The account that the message is sent from."));
    m_from->setMinimumWidth(120);
    m_from->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    grid->addWidget(makeFieldLabel(tr("F&rom"), m_from), 0, 0);
    auto *first = new QHBoxLayout;
    first->setSpacing(kSpaceM);
    first->addWidget(m_from, 1);
    first->addWidget(makeFieldLabel(tr("C&lassification"), m_classification));
    first->addWidget(m_classification);
    grid->addLayout(first, 0, 1);

    grid->addWidget(makeFieldLabel(tr("T&o"), m_to->edit()), 1, 0, Qt::AlignVCenter);
    auto *to = new QHBoxLayout;
    to->setSpacing(kSpaceS);
    to->addWidget(m_to, 1);
    describe(m_showCc, tr("Add Cc"), tr("Shows the field for people who get a copy."));
    describe(m_showBcc, tr("Add Bcc"),
             tr("Shows the field for people who get a copy that nobody else sees. Each of them "
                "gets a message of their own."));
    to->addWidget(m_showCc);
    to->addWidget(m_showBcc);
    grid->addLayout(to, 1, 1);
    m_ccLabel = makeFieldLabel(tr("&Cc"), m_cc->edit());
    m_bccLabel = makeFieldLabel(tr("&Bcc"), m_bcc->edit());
    grid->addWidget(m_ccLabel, 2, 0);
    grid->addWidget(m_cc, 2, 1);
    grid->addWidget(m_bccLabel, 3, 0);
    grid->addWidget(m_bcc, 3, 1);
    describe(m_subject, tr("Subject"),
             tr("What the message is about. With S/MIME the real subject travels inside the "
                "encryption."));
    grid->addWidget(makeFieldLabel(tr("&Subject"), m_subject), 4, 0);
    grid->addWidget(m_subject, 4, 1);
    addMarkingAndForward(grid);
    m_floor = makeFloor();
    grid->addWidget(m_floor, 7, 1);
    return head;
}

//! An answer goes no weaker way than what it answers: which, and how to let its own content decide.
QWidget *ComposeForm::makeFloor() {
    auto *floor = new QWidget;
    auto *row = new QHBoxLayout(floor);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceS);
    row->addWidget(new IconLabel(themedIcon(QStringLiteral("lock"), Tone::Info)));
    m_floorText = makeLabel({}, TextStyle::Muted);
    row->addWidget(m_floorText, 1);
    auto *free = makeLinkButton(tr("Let the content decide"));
    describe(free, tr("Let the content decide"),
             tr("The answer then goes the way that its own text and classification ask for. Take "
                "out first what was quoted."));
    connect(free, &QPushButton::clicked, this, [this] {
        setProtect(std::nullopt);
        emit changed();
    });
    row->addWidget(free);
    floor->hide();
    return floor;
}

void ComposeForm::setProtect(std::optional<RouteKind> protect) {
    m_protect = protect;
    m_floor->setVisible(protect.has_value());
    if (protect) {
        m_floorText->setText(
            *protect == RouteKind::Smime
                ? tr("This goes encrypted with S/MIME, as what it answers did.")
                : tr("This goes by one way alone: %1.").arg(toQString(base::toString(*protect))));
    }
}

void ComposeForm::connectFields() {
    const auto edited = [this] {
        if (!m_quiet) {
            emit changed();
        }
    };
    for (auto *field : fields()) {
        connect(field, &RecipientField::changed, this, edited);
        connect(field, &RecipientField::evidenceRequested, this, &ComposeForm::evidenceRequested);
    }
    connect(m_from, &QComboBox::currentIndexChanged, this, edited);
    connect(m_classification, &ClassificationBox::classificationChanged, this, edited);
    connect(m_subject, &QLineEdit::textChanged, this, edited);
    connect(m_marking, &MarkingRow::changed, this, edited);
    connect(m_forward, &ForwardRow::changed, this, [this, edited] {
        m_forwardLabel->setVisible(m_forward->forwarded().has_value());
        edited();
    });
    connect(m_body, &QPlainTextEdit::textChanged, this, edited);
    connect(m_attachments, &AttachmentBar::changed, this, edited);
    connect(m_attachments, &AttachmentBar::addRequested, this, &ComposeForm::attachRequested);
    connect(m_showCc, &QPushButton::clicked, this, [this] {
        showCopies(true, !m_bcc->isHidden());
        m_cc->edit()->setFocus();
    });
    connect(m_showBcc, &QPushButton::clicked, this, [this] {
        showCopies(!m_cc->isHidden(), true);
        m_bcc->edit()->setFocus();
    });
}

void ComposeForm::showCopies(bool cc, bool bcc) {
    m_cc->setVisible(cc);
    m_ccLabel->setVisible(cc);
    m_showCc->setVisible(!cc);
    m_bcc->setVisible(bcc);
    m_bccLabel->setVisible(bcc);
    m_showBcc->setVisible(!bcc);
}

void ComposeForm::setAccounts(const std::vector<mail::Account> &accounts) {
    const QScopedValueRollback quiet(m_quiet, true);
    const auto chosen = m_from->currentText();
    m_accounts.clear();
    for (const auto &account : accounts) {
        m_accounts.push_back(account);
        for (const auto &identity : account.identities) {
            m_accounts.push_back(account);
            m_accounts.back().address = identity;
        }
    }
    m_from->clear();
    for (const auto &account : m_accounts) {
        m_from->addItem(toQString(account.address.forDisplay()));
    }
    m_from->setEnabled(!m_accounts.empty());
    m_from->setPlaceholderText(tr("No account yet"));
    m_from->setCurrentIndex(m_accounts.empty() ? -1 : std::max(0, m_from->findText(chosen)));
}

mail::Draft ComposeForm::draft() const {
    mail::Draft draft;
    const auto index = m_from->currentIndex();
    if (index >= 0 && index < static_cast<int>(m_accounts.size())) {
        const auto &account = m_accounts[static_cast<std::size_t>(index)];
        draft.account = account.name;
        draft.from = account.address;
    }
    draft.to = m_to->addresses();
    draft.cc = m_cc->addresses();
    draft.bcc = m_bcc->addresses();
    draft.subject = m_subject->text().toStdString();
    draft.body = m_body->toPlainText().toStdString();
    draft.attachments = m_attachments->attachments();
    draft.classification = m_classification->classification();
    draft.handling = m_marking->handling();
    draft.descriptor = m_marking->descriptor();
    draft.forward = m_forward->forwarded();
    draft.dismissals = m_dismissals;
    draft.protect = m_protect;
    return draft;
}

QString ComposeForm::subject() const {
    return m_subject->text();
}

Classification ComposeForm::classification() const {
    return m_classification->classification();
}

void ComposeForm::setDraft(const mail::Draft &draft) {
    {
        const QScopedValueRollback quiet(m_quiet, true);
        const auto account =
            std::find_if(m_accounts.begin(), m_accounts.end(), [&](const mail::Account &one) {
                return one.name == draft.account &&
                       (draft.from.empty() || one.address == draft.from);
            });
        if (account != m_accounts.end()) {
            m_from->setCurrentIndex(static_cast<int>(account - m_accounts.begin()));
        }
        m_to->setAddresses(draft.to);
        m_cc->setAddresses(draft.cc);
        m_bcc->setAddresses(draft.bcc);
        showCopies(!draft.cc.empty(), !draft.bcc.empty());
        m_subject->setText(toQString(draft.subject));
        m_body->setPlainText(toQString(draft.body));
        m_attachments->setAttachments(draft.attachments);
        m_classification->setClassification(draft.classification);
        m_marking->choose(draft.handling, draft.descriptor);
        m_forward->setForwarded(draft.forward);
        m_forwardLabel->setVisible(draft.forward.has_value());
        m_dismissals = draft.dismissals;
        setProtect(draft.protect);
    }
}

bool ComposeForm::isEmpty() const {
    return !hasRecipient() && malformed().isEmpty() && m_subject->text().isEmpty() &&
           m_body->document()->isEmpty() && m_attachments->attachments().empty() &&
           !m_forward->forwarded();
}

bool ComposeForm::hasRecipient() const {
    const auto all = fields();
    return std::any_of(all.begin(), all.end(),
                       [](const auto *field) { return !field->addresses().empty(); });
}

QStringList ComposeForm::malformed() const {
    return m_to->malformed() + m_cc->malformed() + m_bcc->malformed();
}

void ComposeForm::commit() {
    for (auto *field : fields()) {
        field->commit();
    }
}

void ComposeForm::addTo(const mail::Address &address) {
    auto addresses = m_to->addresses();
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
        addresses.push_back(address);
        m_to->setAddresses(addresses);
    }
}

void ComposeForm::removeRecipient(const mail::Address &address) {
    for (auto *field : fields()) {
        field->remove(address);
    }
}

void ComposeForm::setClassification(Classification classification) {
    m_classification->setClassification(classification);
}

void ComposeForm::focusFirst() {
    if (!hasRecipient()) {
        m_to->edit()->setFocus();
    } else if (m_subject->text().isEmpty()) {
        m_subject->setFocus();
    } else {
        m_body->setFocus();
    }
}

void ComposeForm::focusRecipients() {
    m_to->edit()->setFocus();
}

void ComposeForm::focusBody() {
    m_body->setFocus();
    m_body->moveCursor(QTextCursor::Start);
}

void ComposeForm::focusMalformed() {
    for (auto *field : fields()) {
        if (!field->malformed().isEmpty()) {
            field->focusFirstMalformed();
            return;
        }
    }
}

void ComposeForm::showFinding(const scan::Finding &finding) {
    const auto &where = finding.location;
    if (where.source == "subject") {
        const auto range = rangeOf(where, m_subject->text());
        m_subject->setFocus();
        m_subject->setSelection(range.from, range.length);
        reveal(m_subject);
    } else if (where.source == "body") {
        // As long as the document, character by character: other line ends, but none more or less.
        const auto range = rangeOf(where, m_body->toPlainText());
        auto cursor = m_body->textCursor();
        cursor.setPosition(range.from);
        cursor.setPosition(range.from + range.length, QTextCursor::KeepAnchor);
        m_body->setTextCursor(cursor);
        m_body->setFocus();
        m_body->ensureCursorVisible();
        reveal(m_body);
    } else if (auto *chip = m_attachments->showAttachment(toQString(where.source))) {
        reveal(chip);
    }
}

//! Scrolls the form, where it is scrolled at all.
void ComposeForm::reveal(QWidget *widget) {
    for (auto *parent = parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
        if (auto *area = qobject_cast<QScrollArea *>(parent)) {
            area->ensureWidgetVisible(widget);
            return;
        }
    }
}

void ComposeForm::dismiss(const scan::Finding &finding, const QString &reason) {
    std::erase_if(m_dismissals, [&](const auto &one) { return one.mark == finding.mark; });
    m_dismissals.push_back({finding.mark, finding.kind, reason.toStdString()});
    emit changed();
}

void ComposeForm::restore(const scan::Finding &finding) {
    std::erase_if(m_dismissals, [&](const auto &one) { return one.mark == finding.mark; });
    emit changed();
}

void ComposeForm::resizeEvent(QResizeEvent *event) {
    QWidget::resizeEvent(event);
    const bool beside = window()->width() >= kPanelBesideFrom;
    m_middle->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_panel->setMinimumWidth(beside ? kPanelWidth : 0);
    m_panel->setMaximumWidth(beside ? kPanelWidth : QWIDGETSIZE_MAX);
    m_panel->setMinimumHeight(beside ? 0 : 190);
    m_middle->setStretchFactor(m_panel, beside ? 0 : 1);
}

void ComposeForm::dragEnterEvent(QDragEnterEvent *event) {
    const auto files = localFiles(event->mimeData());
    if (files.isEmpty()) {
        return;
    }
    event->acceptProposedAction();
    if (std::all_of(files.begin(), files.end(), &ReadingWindow::isMessageFile)) {
        m_chooser->offer();
    }
}

void ComposeForm::dropEvent(QDropEvent *event) {
    m_attachments->add(localFiles(event->mimeData()));
    event->acceptProposedAction();
}

} // namespace sealpost::ui
