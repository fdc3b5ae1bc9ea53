// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ForwardRow.h"

#include "ui/Controls.h"
#include "ui/Labels.h"

#include <QFile>
#include <QHBoxLayout>
#include <QPushButton>

namespace sealpost::ui {

ForwardRow::ForwardRow(QWidget *parent)
    : QWidget(parent), m_name(makeLabel({}, TextStyle::Body)), m_form(new ComboBox),
      m_remove(makeLinkButton(tr("Do not forward"))) {
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceM);
    row->addWidget(m_name, 1);
    m_form->addItem(tr("As an attached file"));
    m_form->addItem(tr("Below your text"));
    describe(m_form, tr("How it is forwarded"),
             tr("The message that you forward is attached as a file, or its text stands below your "
                "own with its attachments beside yours."));
    row->addWidget(m_form);
    describe(m_remove, tr("Do not forward"), tr("Leaves the forwarded message out again."));
    row->addWidget(m_remove);
    connect(m_form, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (m_forwarded) {
            m_forwarded->form =
                index == 1 ? mail::ForwardForm::Inline : mail::ForwardForm::Attached;
            emit changed();
        }
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        setForwarded(std::nullopt);
        emit changed();
    });
    hide();
}

std::optional<mail::Forwarded> ForwardRow::forwarded() const {
    return m_forwarded;
}

void ForwardRow::setForwarded(const std::optional<mail::Forwarded> &forwarded) {
    m_forwarded.reset();
    if (forwarded) {
        m_form->setCurrentIndex(forwarded->form == mail::ForwardForm::Inline ? 1 : 0);
        m_name->setText(QFile::decodeName(forwarded->path.filename().c_str()));
        m_name->setAccessibleName(tr("Forwarded message: %1").arg(m_name->text()));
    }
    m_forwarded = forwarded;
    setVisible(forwarded.has_value());
}

QWidget *ForwardRow::first() const {
    return m_form;
}

QWidget *ForwardRow::last() const {
    return m_remove;
}

} // namespace sealpost::ui
