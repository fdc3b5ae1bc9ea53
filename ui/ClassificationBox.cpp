// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ClassificationBox.h"

#include "ui/Labels.h"

namespace sealpost::ui {

ClassificationBox::ClassificationBox(QWidget *parent) : ComboBox(parent) {
    for (const auto one : {Classification::Official, Classification::OfficialSensitive,
                           Classification::Secret, Classification::TopSecret}) {
        addItem(toQString(base::toString(one)), static_cast<int>(one));
    }
    describe(this, tr("Classification"),
             tr("How sensitive the message is. OFFICIAL is for most work. OFFICIAL-SENSITIVE "
                "asks for stronger protection. Anything above can’t be sent by e-mail from here."));
    connect(this, &QComboBox::currentIndexChanged, this, &ClassificationBox::classificationChanged);
}

Classification ClassificationBox::classification() const {
    return static_cast<Classification>(currentData().toInt());
}

void ClassificationBox::setClassification(Classification classification) {
    setCurrentIndex(findData(static_cast<int>(classification)));
}

} // namespace sealpost::ui
