// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QString>

class QBoxLayout;

namespace sealpost::ui {

enum class TextStyle { Body, Title, Heading, Strong, Muted, Small };

//! A label that wraps and shows plain text only; its font follows the desktop's, scaled.
[[nodiscard]] QLabel *makeLabel(const QString &text, TextStyle style = TextStyle::Body,
                                QWidget *parent = nullptr);
void setTextStyle(QLabel *label, TextStyle style);
void setTone(QWidget *widget, Tone tone);
//! Sets a dynamic property that the style sheet knows, and restyles where needed.
void setStyleProperty(QWidget *widget, const char *name, const char *value);
void setLook(QWidget *widget, const char *look);

[[nodiscard]] QPushButton *makePrimaryButton(const QString &text, QWidget *parent = nullptr);
[[nodiscard]] QPushButton *makeLinkButton(const QString &text, QWidget *parent = nullptr);
[[nodiscard]] QFrame *makeRule(QWidget *parent = nullptr);
//! Icon and wrapping text in a tinted box.
[[nodiscard]] QFrame *makeNotice(Tone tone, const QString &icon, const QString &text,
                                 QWidget *parent = nullptr);
//! Removes and deletes all that the layout holds.
void clearLayout(QBoxLayout *layout);
//! Names a control for screen readers, and gives F1 its help.
void describe(QWidget *widget, const QString &name, const QString &help = {});

//! A widget that is never seen and marks a place in the tab order, for what is added later:
//! QWidget::setTabOrder() takes only widgets that could have the focus.
[[nodiscard]] QWidget *makeTabAnchor(QWidget *parent);
//! For a button or menu: a name of somebody else's must not make a mnemonic.
[[nodiscard]] QString withoutMnemonic(QString text);

[[nodiscard]] QString toQString(std::string_view utf8);

} // namespace sealpost::ui
