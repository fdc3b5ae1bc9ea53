// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ConfirmBox.h"

#include "ui/Controls.h"
#include "ui/Labels.h"

#include <QHBoxLayout>
#include <QMouseEvent>

namespace sealpost::ui {

ConfirmBox::ConfirmBox(const QString &sentence, QWidget *parent)
    : QWidget(parent), m_box(new CheckBox) {
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceS);
    row->addWidget(m_box, 0, Qt::AlignTop);
    row->addWidget(makeLabel(sentence), 1);
    m_box->setMinimumSize(24, 24);
    describe(m_box, sentence, sentence);
    setFocusProxy(m_box);
}

void ConfirmBox::mouseReleaseEvent(QMouseEvent *event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) {
        m_box->toggle();
        m_box->setFocus();
    }
}

} // namespace sealpost::ui
