// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/AttachmentChip.h"

#include "base/SizeText.h"
#include "ui/Icons.h"
#include "ui/Labels.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QTimer>
#include <QToolButton>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr int kMostNameWidth = 240;

} // namespace

AttachmentChip::AttachmentChip(mail::Attachment attachment, QWidget *parent)
    : QFrame(parent), m_attachment(std::move(attachment)),
      m_icon(new IconLabel(themedIcon(QStringLiteral("file"), Tone::Neutral))),
      m_name(makeLabel({})), m_state(makeLabel({}, TextStyle::Strong)), m_remove(new QToolButton) {
    setFocusPolicy(Qt::StrongFocus);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kSpaceS, 2, 3, 2);
    row->setSpacing(6);
    row->addWidget(m_icon);
    row->addWidget(m_name);
    row->addWidget(m_state);
    row->addWidget(m_remove);
    m_name->setWordWrap(false);
    m_state->setWordWrap(false);
    m_remove->setIcon(themedIcon(QStringLiteral("close")));
    m_remove->setIconSize({10, 10});
    m_remove->setFocusPolicy(Qt::NoFocus); // the keyboard's way is Delete
    m_remove->setFixedSize(24, 24);
    setLook(m_remove, "icon");
    describe(m_remove, tr("Remove %1").arg(toQString(m_attachment.name)));
    connect(m_remove, &QToolButton::clicked, this, &AttachmentChip::removeRequested);
    setState(Severity::Neutral, tr("Checking…"));
}

void AttachmentChip::setSize(std::optional<ByteCount> size) {
    m_size = size;
    refresh();
}

AttachmentChip::~AttachmentChip() {
    m_stop.request_stop();
}

std::stop_token AttachmentChip::startLooking() {
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_looking = true;
    setProgress(-1);
    return m_stop.get_token();
}

void AttachmentChip::stopLooking() {
    m_stop.request_stop();
    m_looking = false;
    m_share = -1;
    update();
}

void AttachmentChip::setProgress(double share) {
    m_share = share;
    setState(Severity::Neutral,
             share < 0 ? tr("Checking…") : tr("Checking… %1%").arg(static_cast<int>(share * 100)));
    update();
}

void AttachmentChip::flash() {
    constexpr int kFlash = 900; // milliseconds
    m_flashing = true;
    update();
    QTimer::singleShot(kFlash, this, [this] {
        m_flashing = false;
        update();
    });
}

void AttachmentChip::setState(Severity severity, const QString &text, const QString &tip) {
    m_stateText = text;
    m_inError = severity == Severity::Error;
    Tone tone = Tone::Neutral;
    auto icon = QStringLiteral("file");
    switch (severity) {
    case Severity::Neutral:
    case Severity::Clean:
        break;
    case Severity::Finding:
        tone = Tone::Caution;
        icon = QStringLiteral("warning");
        break;
    case Severity::Error:
        tone = Tone::Bad;
        icon = QStringLiteral("blocked");
        break;
    }
    setTone(this, tone);
    setTone(m_state, tone);
    m_icon->setIcon(themedIcon(icon, tone));
    setToolTip(tip.isEmpty() ? QString()
                             : QStringLiteral("<qt>%1</qt>")
                                   .arg(tip.toHtmlEscaped().replace(QLatin1Char('\n'),
                                                                    QStringLiteral("<br>"))));
    setAccessibleDescription(tip.isEmpty() ? tr("Press Delete to remove it.") : tip);
    setWhatsThis(accessibleDescription());
    refresh();
}

void AttachmentChip::refresh() {
    auto name = toQString(m_attachment.name);
    setAccessibleName(tr("Attachment %1, %2").arg(name, m_stateText));
    name = m_name->fontMetrics().elidedText(name, Qt::ElideMiddle, kMostNameWidth);
    if (m_size) {
        name += QStringLiteral(" (%1)").arg(toQString(base::sizeText(*m_size)));
    }
    m_name->setText(name);
    m_state->setText(m_stateText);
    updateGeometry();
}

void AttachmentChip::keyPressEvent(QKeyEvent *event) {
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
        emit removeRequested();
        return;
    }
    QFrame::keyPressEvent(event);
}

void AttachmentChip::focusInEvent(QFocusEvent *event) {
    QFrame::focusInEvent(event);
    update();
}

void AttachmentChip::focusOutEvent(QFocusEvent *event) {
    QFrame::focusOutEvent(event);
    update();
}

void AttachmentChip::paintEvent(QPaintEvent *event) {
    QFrame::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_looking && m_share >= 0) {
        constexpr double kBar = 3;
        const auto room = QRectF(rect()).adjusted(4, 0, -4, -2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::current().link);
        painter.drawRoundedRect(
            QRectF(room.left(), room.bottom() - kBar, room.width() * std::min(1.0, m_share), kBar),
            kBar / 2, kBar / 2);
        painter.setBrush(Qt::NoBrush);
    }
    if (m_flashing) {
        painter.setPen(QPen(Theme::current().tone(Tone::Caution).ink, 3));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4);
    } else if (hasFocus()) {
        painter.setPen(QPen(Theme::current().focus, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

} // namespace sealpost::ui
