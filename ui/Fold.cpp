// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Fold.h"

#include "ui/Icons.h"
#include "ui/Labels.h"

#include <QFontDatabase>
#include <QVBoxLayout>

namespace sealpost::ui {

Fold::Fold(const QString &title, const QString &text, QWidget *parent)
    : QWidget(parent), m_button(makeLinkButton(title)), m_text(makeLabel(text, TextStyle::Small)) {
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceXs);
    column->addWidget(m_button, 0, Qt::AlignLeft);
    column->addWidget(m_text);
    auto font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(m_text->font().pointSizeF());
    m_text->setFont(font);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    describe(m_text, title);
    describe(m_button, title, tr("Shows or hides the technical details."));
    connect(m_button, &QPushButton::clicked, this, [this] { setOpen(!isOpen()); });
    setOpen(false);
}

bool Fold::isOpen() const {
    return !m_text->isHidden();
}

void Fold::setOpen(bool open) {
    m_text->setVisible(open);
    m_button->setIcon(
        themedIcon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
    emit toggled(open);
}

} // namespace sealpost::ui
