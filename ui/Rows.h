// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Finding.h"
#include "ui/RecipientStatusModel.h"

#include <QPushButton>
#include <QWidget>

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
//! Icon, what, where, redacted excerpt; `show` becomes the button that leads there.
[[nodiscard]] QWidget *makeFindingRow(const scan::Finding &finding, QPushButton **show);
//! Icon and one quiet sentence.
[[nodiscard]] QWidget *makeNoteRow(const QString &icon, Tone tone, const QString &text);

} // namespace sealpost::ui
