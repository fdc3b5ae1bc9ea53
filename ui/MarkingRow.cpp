// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MarkingRow.h"

#include "ui/Controls.h"
#include "ui/Labels.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

namespace sealpost::ui {

namespace {

void offer(QComboBox *box, const std::vector<std::string> &words) {
    const QSignalBlocker quiet(box);
    const auto chosen = box->currentData().toString();
    while (box->count() > 1) {
        box->removeItem(box->count() - 1);
    }
    for (const auto &word : words) {
        box->addItem(toQString(word), toQString(word));
    }
    box->setCurrentIndex(std::max(0, box->findData(chosen)));
}

void choose(QComboBox *box, const std::string &word) {
    const auto wanted = toQString(word);
    auto index = wanted.isEmpty() ? 0 : box->findData(wanted, Qt::UserRole, Qt::MatchFixedString);
    if (index < 0) {
        box->addItem(wanted, wanted);
        index = box->count() - 1;
    }
    box->setCurrentIndex(index);
}

} // namespace

MarkingRow::MarkingRow(QWidget *parent)
    : QWidget(parent), m_handling(new ComboBox), m_descriptor(new ComboBox) {
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceM);
    m_handling->addItem(tr("No handling instruction"), QString());
    describe(m_handling, tr("Handling instruction"),
             tr("Who may see the message or pass it on. It stands in the subject and on top of the "
                "text, beside the classification."));
    m_descriptor->addItem(tr("No descriptor"), QString());
    describe(
        m_descriptor, tr("Descriptor"),
        tr("What kind of sensitive information this is. It stands in the subject and on top of "
           "the text, beside the classification."));
    for (auto *box : {m_handling, m_descriptor}) {
        box->setMinimumWidth(120);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        row->addWidget(box, 1);
        connect(box, &QComboBox::currentIndexChanged, this, &MarkingRow::changed);
    }
}

void MarkingRow::setOffered(const std::vector<std::string> &handling,
                            const std::vector<std::string> &descriptors) {
    offer(m_handling, handling);
    offer(m_descriptor, descriptors);
    m_handling->setVisible(!handling.empty());
    m_descriptor->setVisible(!descriptors.empty());
}

std::string MarkingRow::handling() const {
    return m_handling->currentData().toString().toStdString();
}

std::string MarkingRow::descriptor() const {
    return m_descriptor->currentData().toString().toStdString();
}

void MarkingRow::choose(const std::string &handling, const std::string &descriptor) {
    ui::choose(m_handling, handling);
    ui::choose(m_descriptor, descriptor);
}

QWidget *MarkingRow::first() const {
    return m_handling;
}

QWidget *MarkingRow::last() const {
    return m_descriptor;
}

} // namespace sealpost::ui
