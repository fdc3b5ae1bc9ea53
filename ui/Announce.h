// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "ui/Theme.h"

#include <QString>

class QLabel;

namespace sealpost::ui {

//! Shows what has happened, and tells it to those who can't see the label.
void announce(QLabel *label, Tone tone, const QString &text);
//! What went wrong, what to do, and the code to give to the helpdesk.
[[nodiscard]] QString errorLine(const Error &error);

} // namespace sealpost::ui
