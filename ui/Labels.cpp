// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Labels.h"

#include "ui/Icons.h"

#include <QBoxLayout>
#include <QStyle>

namespace sealpost::ui {
namespace {

QFont scaled(QFont font, double factor, QFont::Weight weight) {
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(font.pointSizeF() * factor);
    } else { // a desktop that gives its font in pixels
        font.setPixelSize(qRound(font.pixelSize() * factor));
    }
    font.setWeight(weight);
    return font;
}

const char *nameOf(Tone tone) {
    switch (tone) {
    case Tone::Neutral:
        return "neutral";
    case Tone::Good:
        return "good";
    case Tone::Info:
        return "info";
    case Tone::Caution:
        return "caution";
    case Tone::Bad:
        return "bad";
    }
    return "neutral";
}

} // namespace

void setStyleProperty(QWidget *widget, const char *name, const char *value) {
    const auto text = QString::fromLatin1(value);
    if (widget->property(name).toString() == text) {
        return;
    }
    widget->setProperty(name, text);
    // What has not been shown yet is styled when it is: to do it here as well is slow.
    if (widget->testAttribute(Qt::WA_WState_Polished)) {
        widget->style()->unpolish(widget);
        widget->style()->polish(widget);
        widget->update();
    }
}

void setTextStyle(QLabel *label, TextStyle style) {
    const QFont base;
    switch (style) {
    case TextStyle::Body:
        label->setFont(base);
        break;
    case TextStyle::Title:
        label->setFont(scaled(base, 1.45, QFont::Bold));
        break;
    case TextStyle::Heading:
        label->setFont(scaled(base, 1.1, QFont::Bold));
        break;
    case TextStyle::Strong:
        label->setFont(scaled(base, 1.0, QFont::DemiBold));
        break;
    case TextStyle::Muted:
        label->setFont(base);
        setLook(label, "muted");
        break;
    case TextStyle::Small:
        label->setFont(scaled(base, 0.92, QFont::Normal));
        setLook(label, "muted");
        break;
    }
}

QLabel *makeLabel(const QString &text, TextStyle style, QWidget *parent) {
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // what others wrote must not become markup
    label->setWordWrap(true);
    label->setText(text);
    setTextStyle(label, style);
    return label;
}

void setTone(QWidget *widget, Tone tone) {
    setStyleProperty(widget, "tone", nameOf(tone));
}

void setLook(QWidget *widget, const char *look) {
    setStyleProperty(widget, "look", look);
}

QPushButton *makePrimaryButton(const QString &text, QWidget *parent) {
    auto *button = new QPushButton(text, parent);
    button->setFont(scaled(QFont(), 1.0, QFont::DemiBold));
    button->setIconSize({16, 16});
    setLook(button, "primary");
    return button;
}

QPushButton *makeLinkButton(const QString &text, QWidget *parent) {
    auto *button = new QPushButton(text, parent);
    QFont font;
    font.setUnderline(true);
    button->setFont(font);
    button->setCursor(Qt::PointingHandCursor);
    button->setAutoDefault(false);
    button->setIconSize({16, 16});
    setLook(button, "link");
    return button;
}

QFrame *makeRule(QWidget *parent) {
    auto *rule = new QFrame(parent);
    rule->setFixedHeight(1);
    setLook(rule, "rule");
    return rule;
}

QFrame *makeNotice(Tone tone, const QString &icon, const QString &text, QWidget *parent) {
    auto *frame = new QFrame(parent);
    setTone(frame, tone);
    auto *row = new QHBoxLayout(frame);
    row->setContentsMargins(kSpaceM, kSpaceS, kSpaceM, kSpaceS);
    row->setSpacing(kSpaceS);
    row->addWidget(new IconLabel(themedIcon(icon, tone)), 0, Qt::AlignTop);
    auto *label = makeLabel(text);
    setTone(label, tone);
    row->addWidget(label, 1);
    return frame;
}

void clearLayout(QBoxLayout *layout) {
    while (auto *item = layout->takeAt(0)) {
        if (auto *inner = qobject_cast<QBoxLayout *>(item->layout())) {
            clearLayout(inner);
        }
        if (auto *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

void describe(QWidget *widget, const QString &name, const QString &help) {
    widget->setAccessibleName(name);
    if (!help.isEmpty()) {
        widget->setAccessibleDescription(help);
        widget->setWhatsThis(help);
    }
}

QWidget *makeTabAnchor(QWidget *parent) {
    auto *anchor = new QWidget(parent);
    anchor->setFocusPolicy(Qt::TabFocus);
    anchor->setObjectName(QStringLiteral("tabAnchor"));
    anchor->hide();
    return anchor;
}

QString withoutMnemonic(QString text) {
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

QString toQString(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

} // namespace sealpost::ui
