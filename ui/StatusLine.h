// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

#include <QWidget>

class QLabel;

namespace sealpost::ui {

class IconLabel;

//! One quiet line at the foot of the window: the draft's state, or what is in the way of sending.
class StatusLine final : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);
    void showQuiet(const QString &text);
    void showProblem(const QString &text);
    void showBusy(const QString &text);
    [[nodiscard]] QString text() const;

private:
    void say(Tone tone, const QString &icon, const QString &text);

    IconLabel *m_icon;
    QLabel *m_text;
};

} // namespace sealpost::ui
