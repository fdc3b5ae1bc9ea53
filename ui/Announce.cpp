// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Announce.h"

#include "ui/Labels.h"
#include "wording/Wording.h"

#include <QAccessible>
#include <QLabel>

namespace sealpost::ui {

void announce(QLabel *label, Tone tone, const QString &text) {
    setTone(label, tone);
    label->setText(text);
    label->setAccessibleName(text);
    QAccessibleEvent event(label, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

QString errorLine(const Error &error) {
    const auto text = wording::text(error);
    return QStringLiteral("%1 %2 (%3)").arg(text.what, text.next, text.code);
}

} // namespace sealpost::ui
