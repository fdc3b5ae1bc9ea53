// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Icons.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace sealpost::ui {
namespace {

enum class Ink { Text, Tone, Primary, Banner };

class ThemedIconEngine final : public QIconEngine {
public:
    ThemedIconEngine(QString name, Ink ink, Tone tone)
        : m_name(std::move(name)), m_ink(ink), m_tone(tone) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override {
        const auto ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, rendered(rect.size() * ratio, mode));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override {
        return rendered(size, mode);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override {
        return rendered(size, mode);
    }
    [[nodiscard]] QIconEngine *clone() const override {
        return new ThemedIconEngine(m_name, m_ink, m_tone);
    }

private:
    [[nodiscard]] QColor colour(QIcon::Mode mode) const {
        const auto &theme = Theme::current();
        if (mode == QIcon::Disabled && m_ink != Ink::Primary) {
            return theme.muted;
        }
        if (mode == QIcon::Selected && (m_ink == Ink::Text || m_ink == Ink::Tone)) {
            return theme.palette().color(QPalette::HighlightedText);
        }
        switch (m_ink) {
        case Ink::Text:
            return theme.text;
        case Ink::Tone:
            return theme.tone(m_tone).ink;
        case Ink::Primary:
            return mode == QIcon::Disabled ? theme.text : theme.primaryText;
        case Ink::Banner:
            return theme.accentText;
        }
        return theme.text;
    }

    [[nodiscard]] QPixmap rendered(const QSize &size, QIcon::Mode mode) const {
        const auto hex = colour(mode).name();
        const auto key = QStringLiteral("sealpost/%1/%2/%3x%4")
                             .arg(m_name, hex)
                             .arg(size.width())
                             .arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) {
            return pixmap;
        }
        QFile file(QStringLiteral(":/icons/%1.svg").arg(m_name));
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        if (!size.isEmpty() && file.open(QIODevice::ReadOnly)) {
            QSvgRenderer renderer(file.readAll().replace("#0b0c0c", hex.toLatin1()));
            QPainter painter(&pixmap);
            renderer.render(&painter);
        }
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QString m_name;
    Ink m_ink;
    Tone m_tone;
};

} // namespace

QIcon themedIcon(const QString &name, std::optional<Tone> tone) {
    return QIcon(
        new ThemedIconEngine(name, tone ? Ink::Tone : Ink::Text, tone.value_or(Tone::Neutral)));
}

QIcon primaryIcon(const QString &name) {
    return QIcon(new ThemedIconEngine(name, Ink::Primary, Tone::Neutral));
}

QIcon bannerIcon(const QString &name) {
    return QIcon(new ThemedIconEngine(name, Ink::Banner, Tone::Neutral));
}

IconLabel::IconLabel(const QIcon &icon, int size, QWidget *parent)
    : QWidget(parent), m_icon(icon), m_size(size) {
    setFixedSize(size, size);
}

void IconLabel::setIcon(const QIcon &icon) {
    m_icon = icon;
    update();
}

void IconLabel::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

} // namespace sealpost::ui
