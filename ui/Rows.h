// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/RecipientStatusModel.h"

#include <QPushButton>
#include <QString>
#include <QWidget>

class QGridLayout;

namespace sealpost::ui {

//! Rows that the panel beside the message and the pre-send warning share.

enum class RowDetail {
    Brief, //!< a reason only where something is in the way
    Full,
};
//! Icon, name, state word, and the weightiest reason; `why` becomes the button that shows the
//! evidence.
[[nodiscard]] QWidget *makeRecipientRow(const mail::Address &address, const RecipientStatus &status,
                                        RowDetail detail, QPushButton **why);
//! A row's grid with the icon in its first column.
QGridLayout *makeRowGrid(QWidget *row, const QString &icon, Tone tone);
//! Lets a long address or path wrap in a narrow column: zero-width spaces after dots, slashes and
//! at signs, and in words that are longer than a line may be.
[[nodiscard]] QString breakable(const QString &text);
//! The common name of a certificate's subject, or all of one that has none.
[[nodiscard]] QString shortSubject(const std::string &subject);
//! Icon and one quiet sentence.
[[nodiscard]] QWidget *makeNoteRow(const QString &icon, Tone tone, const QString &text);

} // namespace sealpost::ui
