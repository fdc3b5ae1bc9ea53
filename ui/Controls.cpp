// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Controls.h"

#include "ui/Icons.h"

#include <QPainter>
#include <QStyleOptionButton>

namespace sealpost::ui {

void ComboBox::paintEvent(QPaintEvent *event) {
    QComboBox::paintEvent(event);
    constexpr int kSize = 14;
    constexpr int kFromEdge = 9;
    const QRect place(width() - kFromEdge - kSize, (height() - kSize) / 2, kSize, kSize);
    QPainter painter(this);
    themedIcon(QStringLiteral("chevron-down"))
        .paint(&painter,
               layoutDirection() == Qt::RightToLeft
                   ? QStyle::visualRect(layoutDirection(), rect(), place)
                   : place,
               Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled);
}

void CheckBox::paintEvent(QPaintEvent *event) {
    QCheckBox::paintEvent(event);
    if (isChecked()) {
        QStyleOptionButton option;
        initStyleOption(&option);
        const auto box = style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, this);
        QPainter painter(this);
        primaryIcon(QStringLiteral("tick")).paint(&painter, box.adjusted(2, 2, -2, -2));
    }
}

} // namespace sealpost::ui
