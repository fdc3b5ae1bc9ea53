// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ScrollArea.h"

#include <QScrollArea>

namespace sealpost::ui {

QScrollArea *makeScrollArea(QWidget *inner) {
    auto *scroll = new QScrollArea;
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    inner->setAutoFillBackground(false); // setWidget() has switched it on
    return scroll;
}

} // namespace sealpost::ui
