// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

#include <QDialog>
#include <QString>

class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! Icon, title, sentences and buttons: the frame of every small dialog. Deletes itself on close.
class MessageDialog final : public QDialog {
    Q_OBJECT
public:
    MessageDialog(Tone tone, const QString &icon, const QString &title, QWidget *parent);
    void addText(const QString &text);
    void addQuietText(const QString &text);
    void addWidget(QWidget *widget);
    enum class Weight { Plain, Default };
    //! A button that accepts the dialog.
    void addYes(const QString &label, Weight weight);
    //! A button that rejects it, as Escape does.
    void addNo(const QString &label, Weight weight);

private:
    QPushButton *addButton(const QString &label, Weight weight);
    QVBoxLayout *m_body;
    QHBoxLayout *m_buttons;
};

} // namespace sealpost::ui
