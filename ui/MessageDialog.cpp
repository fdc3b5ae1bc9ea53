// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MessageDialog.h"

#include "ui/Icons.h"
#include "ui/Labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace sealpost::ui {

MessageDialog::MessageDialog(Tone tone, const QString &icon, const QString &title, QWidget *parent)
    : QDialog(parent) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(title);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceL);
    auto *row = new QHBoxLayout;
    row->setSpacing(kSpaceM);
    row->addWidget(new IconLabel(themedIcon(icon, tone), 28), 0, Qt::AlignTop);
    m_body = new QVBoxLayout;
    m_body->setSpacing(kSpaceS);
    m_body->addWidget(makeLabel(title, TextStyle::Heading));
    row->addLayout(m_body, 1);
    column->addLayout(row);
    column->addStretch(1);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(kSpaceS);
    m_buttons->addStretch(1);
    column->addLayout(m_buttons);
    setMinimumWidth(440);
}

void MessageDialog::addText(const QString &text) {
    m_body->addWidget(makeLabel(text));
}

void MessageDialog::addQuietText(const QString &text) {
    auto *label = makeLabel(text, TextStyle::Small);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    describe(label, text);
    m_body->addWidget(label);
}

void MessageDialog::addWidget(QWidget *widget) {
    m_body->addWidget(widget);
}

QPushButton *MessageDialog::addButton(const QString &label, Weight weight) {
    auto *button =
        weight == Weight::Default ? makePrimaryButton(label) : new QPushButton(label, this);
    describe(button, label);
    button->setAutoDefault(false);
    button->setDefault(weight == Weight::Default);
    m_buttons->addWidget(button);
    if (weight == Weight::Default) {
        button->setFocus();
    }
    return button;
}

void MessageDialog::addYes(const QString &label, Weight weight) {
    connect(addButton(label, weight), &QPushButton::clicked, this, &QDialog::accept);
}

void MessageDialog::addNo(const QString &label, Weight weight) {
    connect(addButton(label, weight), &QPushButton::clicked, this, &QDialog::reject);
}

} // namespace sealpost::ui
