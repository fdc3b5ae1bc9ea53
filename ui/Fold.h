// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace sealpost::ui {

//! A button that unfolds technical text: selectable, in a fixed-width font.
class Fold final : public QWidget {
    Q_OBJECT
public:
    Fold(const QString &title, const QString &text, QWidget *parent = nullptr);
    [[nodiscard]] bool isOpen() const;
    void setOpen(bool open);

signals:
    void toggled(bool open);

private:
    QPushButton *m_button;
    QLabel *m_text;
};

} // namespace sealpost::ui
