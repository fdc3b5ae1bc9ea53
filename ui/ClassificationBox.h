// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Classification.h"
#include "ui/Controls.h"

namespace sealpost::ui {

//! Chooses the classification. Those above OFFICIAL-SENSITIVE are there to be chosen, so that the
//! answer to them is an explanation and not a wrong marking.
class ClassificationBox final : public ComboBox {
    Q_OBJECT
public:
    explicit ClassificationBox(QWidget *parent = nullptr);
    [[nodiscard]] Classification classification() const;
    void setClassification(Classification classification);

signals:
    void classificationChanged();
};

} // namespace sealpost::ui
