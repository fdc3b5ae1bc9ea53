// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "receive/OpenedMessage.h"

#include <QString>

namespace sealpost::wording {

//! What a person has to know, and what to do about it; empty for an id that has no sentence.
[[nodiscard]] QString text(const receive::Note &note);
//! "Signed by jo@court.example; nobody has changed it since."
[[nodiscard]] QString senderSentence(const receive::OpenedMessage &message);
[[nodiscard]] QString privacySentence(const receive::OpenedMessage &message);

} // namespace sealpost::wording
