// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StatusLine.h"

#include "ui/Icons.h"
#include "ui/Labels.h"

#include <QAccessible>
#include <QHBoxLayout>

namespace sealpost::ui {

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent), m_icon(new IconLabel), m_text(makeLabel({})) {
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceS);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    m_icon->hide();
}

void StatusLine::showQuiet(const QString &text) {
    say(Tone::Neutral, {}, text);
}

void StatusLine::showProblem(const QString &text) {
    say(Tone::Bad, QStringLiteral("warning"), text);
    // A screen reader says it at once; the focus stays where the person needs it.
    QAccessibleEvent event(m_text, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void StatusLine::showBusy(const QString &text) {
    say(Tone::Neutral, QStringLiteral("checking"), text);
}

QString StatusLine::text() const {
    return m_text->text();
}

void StatusLine::say(Tone tone, const QString &icon, const QString &text) {
    m_icon->setVisible(!icon.isEmpty());
    m_icon->setIcon(themedIcon(icon, tone));
    setTone(m_text, tone);
    m_text->setText(text);
    m_text->setAccessibleName(text);
}

} // namespace sealpost::ui
