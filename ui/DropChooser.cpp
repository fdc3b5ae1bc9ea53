// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DropChooser.h"

#include "ui/Icons.h"
#include "ui/Theme.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

namespace sealpost::ui {

QStringList localFiles(const QMimeData *data) {
    QStringList files;
    for (const auto &url : data->urls()) {
        if (url.isLocalFile()) {
            files << url.toLocalFile();
        }
    }
    return files;
}

DropChooser::DropChooser(QWidget *over) : QWidget(over) {
    setAcceptDrops(true);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void DropChooser::offer() {
    setGeometry(parentWidget()->rect());
    point(Side::None);
    show();
    raise();
}

QRect DropChooser::area(Side side) const {
    const auto room = rect().adjusted(kSpaceL, kSpaceL, -kSpaceL, -kSpaceL);
    const int half = (room.width() - kSpaceL) / 2;
    switch (side) {
    case Side::Open:
        return {room.left(), room.top(), half, room.height()};
    case Side::Attach:
        return {room.right() - half + 1, room.top(), half, room.height()};
    case Side::None:
        break;
    }
    return {};
}

void DropChooser::point(Side side) {
    m_side = side;
    update();
}

void DropChooser::dragEnterEvent(QDragEnterEvent *event) {
    event->acceptProposedAction();
}

void DropChooser::dragMoveEvent(QDragMoveEvent *event) {
    const auto at = event->position().toPoint();
    point(at.x() < width() / 2 ? Side::Open : Side::Attach);
    event->acceptProposedAction();
}

void DropChooser::dragLeaveEvent(QDragLeaveEvent *event) {
    QWidget::dragLeaveEvent(event);
    hide();
}

void DropChooser::dropEvent(QDropEvent *event) {
    const auto files = localFiles(event->mimeData());
    const bool opens = event->position().toPoint().x() < width() / 2;
    event->acceptProposedAction();
    hide();
    if (opens) {
        emit openChosen(files);
    } else {
        emit attachChosen(files);
    }
}

void DropChooser::paintEvent(QPaintEvent *event) {
    QWidget::paintEvent(event);
    const auto &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    auto veil = theme.window;
    veil.setAlpha(235);
    painter.fillRect(rect(), veil);
    const auto draw = [&](Side side, const QString &icon, const QString &text) {
        const auto box = area(side);
        const bool chosen = m_side == side;
        painter.setPen(QPen(chosen ? theme.focus : theme.fieldBorder, chosen ? 3 : 2,
                            chosen ? Qt::SolidLine : Qt::DashLine));
        painter.setBrush(chosen ? theme.tone(Tone::Info).fill : theme.surface);
        painter.drawRoundedRect(box, 8, 8);
        constexpr int kIcon = 32;
        const auto middle = box.center();
        themedIcon(icon, Tone::Info)
            .paint(&painter,
                   QRect(middle.x() - kIcon / 2, middle.y() - kIcon - kSpaceS, kIcon, kIcon));
        painter.setPen(theme.text);
        painter.drawText(QRect(box.left() + kSpaceS, middle.y() + kSpaceS,
                               box.width() - 2 * kSpaceS, box.bottom() - middle.y() - kSpaceS),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, text);
    };
    draw(Side::Open, QStringLiteral("show"), tr("Open and read"));
    draw(Side::Attach, QStringLiteral("attach"), tr("Attach to this message"));
}

} // namespace sealpost::ui
