// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RecipientField.h"

#include "ui/FlowLayout.h"
#include "ui/Labels.h"
#include "ui/RecipientChip.h"
#include "wording/Wording.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr int kMostRows = 4;

struct Parts {
    QStringList parts;
    bool separated = false; //!< there is a separator, so the first part is complete
};

//! Parts between line ends, and between commas and semicolons outside quotes.
Parts partsOf(const QString &text) {
    Parts found;
    QString part;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto c = text.at(i);
        if (c == QLatin1Char('\\') && quoted && i + 1 < text.size()) {
            part += c;
            part += text.at(++i);
            continue;
        }
        if (c == QLatin1Char('"')) {
            quoted = !quoted;
        }
        const bool lineEnd = c == QLatin1Char('\n') || c == QLatin1Char('\r');
        if (lineEnd || (!quoted && (c == QLatin1Char(',') || c == QLatin1Char(';')))) {
            found.separated = true;
            found.parts << part.trimmed();
            part.clear();
            quoted = quoted && !lineEnd;
        } else {
            part += c;
        }
    }
    found.parts << part.trimmed();
    found.parts.removeAll(QString());
    return found;
}

} // namespace

RecipientField::RecipientField(QString name, RecipientStatusModel &model, QWidget *parent)
    : QFrame(parent), m_name(std::move(name)), m_model(model), m_scroll(new QScrollArea(this)),
      m_inner(new QWidget), m_flow(new FlowLayout(m_inner, kSpaceXs)),
      m_anchor(makeTabAnchor(m_inner)), m_edit(new QLineEdit(m_inner)) {
    setLook(this, "field");
    auto *box = new QVBoxLayout(this);
    box->setContentsMargins(3, 3, 3, 3);
    box->addWidget(m_scroll);
    m_scroll->setWidget(m_inner);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    setLook(m_inner, "clear");
    m_inner->setAutoFillBackground(false);
    m_flow->setContentsMargins(0, 0, 0, 0);
    m_edit->setMinimumWidth(120);
    setLook(m_edit, "bare");
    describe(m_edit, m_name,
             tr("Type an address and press Enter, or paste a list. Left goes back to the "
                "recipients that are there; Backspace removes the last one."));
    m_flow->addWidget(m_edit);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textEdited, this, [this](const QString &text) {
        if (partsOf(text).separated) {
            commit();
        }
    });
    connect(&m_model, &RecipientStatusModel::changed, this, &RecipientField::showStatus);
}

std::vector<mail::Address> RecipientField::addresses() const {
    std::vector<mail::Address> all;
    for (const auto *chip : m_chips) {
        if (chip->address()) {
            all.push_back(*chip->address());
        }
    }
    return all;
}

QStringList RecipientField::malformed() const {
    QStringList all;
    for (const auto *chip : m_chips) {
        if (!chip->address()) {
            all << chip->typed();
        }
    }
    return all;
}

void RecipientField::placeInTabOrder(QWidget *before) {
    setTabOrder(before, m_anchor);
    setTabOrder(m_anchor, m_edit);
}

bool RecipientField::isEmpty() const {
    return m_chips.empty() && m_edit->text().isEmpty();
}

void RecipientField::setAddresses(const std::vector<mail::Address> &addresses) {
    while (!m_chips.empty()) {
        auto *chip = m_chips.back();
        m_chips.pop_back();
        delete chip;
    }
    m_edit->clear();
    for (const auto &address : addresses) {
        addChip(new RecipientChip(address, m_inner));
    }
    showStatus();
    emit changed();
}

void RecipientField::remove(const mail::Address &address) {
    const auto chip = std::find_if(m_chips.begin(), m_chips.end(), [&](const RecipientChip *one) {
        return one->address() == address;
    });
    if (chip != m_chips.end()) {
        removeChip(*chip);
    }
}

void RecipientField::commit() {
    const auto text = m_edit->text().trimmed();
    m_edit->clear();
    if (!text.isEmpty()) {
        addText(text);
    }
}

void RecipientField::commitUnlessEditing() {
    if (!m_edit->hasFocus()) {
        commit();
    }
}

void RecipientField::addText(const QString &text) {
    for (const auto &part : partsOf(text).parts) {
        auto address = mail::Address::parse(part.toStdString());
        if (!address) {
            addChip(new RecipientChip(part, wording::text(address.error()).what, m_inner));
            continue;
        }
        const auto known = addresses();
        if (std::find(known.begin(), known.end(), *address) == known.end()) {
            addChip(new RecipientChip(std::move(*address), m_inner));
        }
    }
    showStatus();
    emit changed();
}

RecipientChip *RecipientField::addChip(RecipientChip *chip) {
    m_flow->insertBeforeLast(chip);
    m_chips.push_back(chip);
    chip->show();
    chip->installEventFilter(this);
    connect(chip, &RecipientChip::removeRequested, this, [this, chip] { removeChip(chip); });
    connect(chip, &RecipientChip::editRequested, this, [this, chip] { editChip(chip); });
    connect(chip, &RecipientChip::moveRequested, this,
            [this, chip](int by) { moveFrom(chip, by); });
    connect(chip, &RecipientChip::evidenceRequested, this,
            [this, chip] { emit evidenceRequested(*chip->address()); });
    // The chips come before the line, in the order in which they are read.
    setTabOrder(m_chips.size() > 1 ? m_chips.at(m_chips.size() - 2) : m_anchor, chip);
    setTabStop(m_chips.front());
    fitHeight();
    return chip;
}

void RecipientField::removeChip(RecipientChip *chip) {
    const auto place = std::find(m_chips.begin(), m_chips.end(), chip);
    if (place == m_chips.end()) {
        return;
    }
    const bool hadFocus = chip->hasFocus();
    const auto next = m_chips.erase(place);
    chip->hide();
    chip->removeEventFilter(this);
    m_flow->removeWidget(chip);
    chip->deleteLater();
    if (!m_chips.empty()) {
        setTabStop(m_chips.front());
    }
    if (hadFocus) {
        next == m_chips.end() ? m_edit->setFocus() : (*next)->setFocus();
    }
    fitHeight();
    emit changed();
}

void RecipientField::editChip(RecipientChip *chip) {
    const auto text = chip->typed();
    removeChip(chip);
    commit();
    m_edit->setText(text);
    m_edit->setFocus();
}

void RecipientField::moveFrom(RecipientChip *chip, int by) {
    const auto place = std::find(m_chips.begin(), m_chips.end(), chip) - m_chips.begin() + by;
    if (place >= static_cast<std::ptrdiff_t>(m_chips.size())) {
        m_edit->setFocus();
    } else if (place >= 0) {
        m_chips[static_cast<std::size_t>(place)]->setFocus();
    }
}

void RecipientField::setTabStop(RecipientChip *stop) {
    for (auto *chip : m_chips) {
        chip->setFocusPolicy(chip == stop ? Qt::StrongFocus : Qt::ClickFocus);
    }
}

void RecipientField::showStatus() {
    for (auto *chip : m_chips) {
        if (chip->address()) {
            chip->setStatus(m_model.status(*chip->address()));
        }
    }
    fitHeight();
}

void RecipientField::focusFirstMalformed() {
    for (auto *chip : m_chips) {
        if (!chip->address()) {
            chip->setFocus();
            return;
        }
    }
}

void RecipientField::fitHeight() {
    // The scroll area has no height for a width of its own, so it is told.
    const int row = std::max(m_edit->sizeHint().height(),
                             m_chips.empty() ? 0 : m_chips.front()->sizeHint().height());
    const int most = kMostRows * (row + m_flow->spacing()) + row / 2;
    m_flow->invalidate();
    const int wanted = m_flow->heightForWidth(m_scroll->viewport()->width());
    const int height = std::max(row, std::min(wanted, most));
    m_scroll->setFixedHeight(height);
    setFixedHeight(height + 8);
}

bool RecipientField::handleEditKey(int key) {
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_edit->text().trimmed().isEmpty()) {
            return false;
        }
        commit();
        return true;
    case Qt::Key_Backspace:
    case Qt::Key_Left:
        // At the start of the line there is nothing left to do in it: on to the last chip.
        if (m_edit->cursorPosition() == 0 && !m_edit->hasSelectedText() && !m_chips.empty()) {
            m_chips.back()->setFocus();
            return true;
        }
        return false;
    default:
        return false;
    }
}

bool RecipientField::eventFilter(QObject *object, QEvent *event) {
    if (object == m_edit && event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        if ((key->modifiers() & Qt::ControlModifier) == 0 && handleEditKey(key->key())) {
            return true;
        }
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        const bool in = event->type() == QEvent::FocusIn;
        setStyleProperty(this, "active", in ? "true" : "false");
        auto *chip = qobject_cast<RecipientChip *>(object);
        if (in && chip != nullptr) {
            setTabStop(chip);
            m_scroll->ensureWidgetVisible(chip);
        }
        const auto reason = static_cast<QFocusEvent *>(event)->reason();
        if (!in && object == m_edit && reason != Qt::PopupFocusReason) {
            // Later: the focus also leaves while the window is being torn down.
            QMetaObject::invokeMethod(this, &RecipientField::commitUnlessEditing,
                                      Qt::QueuedConnection);
        }
    }
    return QFrame::eventFilter(object, event);
}

void RecipientField::resizeEvent(QResizeEvent *event) {
    QFrame::resizeEvent(event);
    fitHeight();
}

void RecipientField::mousePressEvent(QMouseEvent *) {
    m_edit->setFocus();
}

} // namespace sealpost::ui
