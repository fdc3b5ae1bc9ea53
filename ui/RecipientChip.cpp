// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RecipientChip.h"

#include "ui/Icons.h"
#include "ui/Labels.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr int kIcon = 16;
constexpr int kRemove = 24;
constexpr int kMostNameWidth = 260;

} // namespace

RecipientChip::RecipientChip(mail::Address address, QWidget *parent)
    : QAbstractButton(parent), m_address(std::move(address)),
      m_typed(toQString(m_address->forDisplay())) {
    m_status.word = tr("Checking…");
    setUp();
}

RecipientChip::RecipientChip(QString typed, QString why, QWidget *parent)
    : QAbstractButton(parent), m_typed(std::move(typed)) {
    m_status.state = RecipientState::Malformed;
    m_status.word = tr("Not an address");
    m_status.reasons << std::move(why);
    m_status.nextSteps << tr("Press Enter to correct it, or Delete to remove it.");
    setUp();
}

void RecipientChip::setUp() {
    setFocusPolicy(Qt::ClickFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    m_remove = new QToolButton(this);
    m_remove->setIcon(themedIcon(QStringLiteral("close")));
    m_remove->setIconSize({10, 10});
    m_remove->setFocusPolicy(Qt::NoFocus); // the keyboard's way is Delete
    m_remove->setFixedSize(kRemove, kRemove);
    m_remove->setCursor(Qt::ArrowCursor);
    setLook(m_remove, "icon");
    describe(m_remove, tr("Remove %1").arg(name()));
    connect(m_remove, &QToolButton::clicked, this, &RecipientChip::removeRequested);
    connect(this, &QAbstractButton::clicked, this,
            [this] { m_address ? emit evidenceRequested() : emit editRequested(); });
    connect(&m_spin, &QTimer::timeout, this, [this] {
        m_angle = (m_angle + 30) % 360;
        update();
    });
    setStatus(m_status);
}

QString RecipientChip::name() const {
    return m_address ? toQString(m_address->shortName()) : m_typed;
}

QFont RecipientChip::wordFont() const {
    auto font = this->font();
    font.setWeight(QFont::DemiBold);
    return font;
}

void RecipientChip::setStatus(RecipientStatus status) {
    const bool resized = status.word != m_status.word;
    m_status = std::move(status);
    // A desktop that switches animations off gets a still sign.
    const bool animated =
        style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
    if (m_status.state == RecipientState::Checking && animated) {
        m_spin.start(90);
    } else {
        m_spin.stop();
    }
    describeSelf();
    if (resized) {
        updateGeometry();
    }
    update();
}

void RecipientChip::describeSelf() {
    const auto address = m_address ? toQString(m_address->spec()) : m_typed;
    QStringList tip{m_address && address != name() ? tr("%1, %2").arg(name(), address) : address,
                    m_status.word};
    setAccessibleName(tip.join(QStringLiteral(", ")));
    tip << m_status.reasons << m_status.nextSteps;
    // An automatic tooltip would take markup in a name for markup.
    setToolTip(QStringLiteral("<qt>%1</qt>")
                   .arg(tip.join(QLatin1Char('\n'))
                            .toHtmlEscaped()
                            .replace(QLatin1Char('\n'), QLatin1String("<br>"))));
    const auto help = m_address ? tr("Press Enter to see why, F2 to change the address, Delete to "
                                     "remove it, left and right to move between recipients.")
                                : tr("Press Enter to correct it, Delete to remove it.");
    setAccessibleDescription((m_status.reasons + QStringList{help}).join(QLatin1Char(' ')));
    setWhatsThis(help);
}

QSize RecipientChip::sizeHint() const {
    const auto nameWidth = fontMetrics().horizontalAdvance(
        fontMetrics().elidedText(name(), Qt::ElideMiddle, kMostNameWidth));
    const auto wordWidth = QFontMetrics(wordFont()).horizontalAdvance(m_status.word);
    const auto width = kSpaceS + kIcon + 6 + nameWidth + kSpaceS + wordWidth + 2 + kRemove + 3;
    return {width + 2, std::max(fontMetrics().height() + 10, kRemove + 4)};
}

QSize RecipientChip::minimumSizeHint() const {
    return {120, sizeHint().height()};
}

void RecipientChip::resizeEvent(QResizeEvent *) {
    m_remove->move(width() - kRemove - 3, (height() - kRemove) / 2);
}

void RecipientChip::paintSpinner(QPainter &painter, const QRect &rect) const {
    QPen pen(Theme::current().tone(Tone::Neutral).edge, 2);
    painter.setPen(pen);
    const QRectF circle = QRectF(rect).adjusted(2, 2, -2, -2);
    painter.drawEllipse(circle);
    pen.setColor(Theme::current().tone(Tone::Neutral).ink);
    pen.setCapStyle(Qt::RoundCap);
    painter.setPen(pen);
    painter.drawArc(circle, -m_angle * 16, 100 * 16);
}

void RecipientChip::paintEvent(QPaintEvent *) {
    const auto tone = toneOf(m_status.state);
    const auto &colours = Theme::current().tone(tone);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool focused = hasFocus();
    painter.setPen(QPen(focused ? Theme::current().focus : colours.edge, focused ? 2 : 1));
    painter.setBrush(colours.fill);
    const qreal inset = focused ? 1 : 0.5;
    const auto frame = QRectF(rect()).adjusted(inset, inset, -inset, -inset);
    painter.drawRoundedRect(frame, 5, 5);

    int x = kSpaceS + 1;
    const QRect iconRect(x, (height() - kIcon) / 2, kIcon, kIcon);
    if (m_spin.isActive()) {
        paintSpinner(painter, iconRect);
    } else {
        themedIcon(iconOf(m_status.state), tone).paint(&painter, iconRect);
    }
    x += kIcon + 6;
    const QFontMetrics wordMetrics(wordFont());
    const int end = width() - kRemove - 5;
    const int wordWidth = std::min(wordMetrics.horizontalAdvance(m_status.word), end - x);
    const int nameRoom = std::max(0, end - x - wordWidth - kSpaceS);
    const auto shown =
        fontMetrics().elidedText(name(), Qt::ElideMiddle, std::min(nameRoom, kMostNameWidth));
    painter.setPen(Theme::current().text);
    painter.drawText(QRect(x, 0, nameRoom, height()), Qt::AlignVCenter | Qt::AlignLeft, shown);
    x += fontMetrics().horizontalAdvance(shown) + kSpaceS;
    painter.setFont(wordFont());
    painter.setPen(colours.ink);
    painter.drawText(QRect(x, 0, end - x, height()), Qt::AlignVCenter | Qt::AlignLeft,
                     wordMetrics.elidedText(m_status.word, Qt::ElideRight, end - x));
}

void RecipientChip::keyPressEvent(QKeyEvent *event) {
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        emit removeRequested();
        return;
    case Qt::Key_Left:
        emit moveRequested(-1);
        return;
    case Qt::Key_Right:
        emit moveRequested(1);
        return;
    case Qt::Key_F2:
        emit editRequested();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier) {
            click();
            return;
        }
        break;
    default:
        break;
    }
    QAbstractButton::keyPressEvent(event);
}

void RecipientChip::mouseDoubleClickEvent(QMouseEvent *) {
    emit editRequested();
}

void RecipientChip::focusInEvent(QFocusEvent *event) {
    QAbstractButton::focusInEvent(event);
    update();
}

} // namespace sealpost::ui
