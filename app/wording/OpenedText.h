// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "receive/OpenedMessage.h"

#include <QString>
#include <string>
#include <string_view>

namespace sealpost::wording {

//! What a person has to know, and what to do about it; empty for an id that has no sentence.
[[nodiscard]] QString text(const receive::Note &note);
//! "Signed by jo@court.example; nobody has changed it since."
[[nodiscard]] QString senderSentence(const receive::OpenedMessage &message);
[[nodiscard]] QString privacySentence(const receive::OpenedMessage &message);

//! What a stranger wrote, for a screen: LF alone, and control and format characters, which could
//! move a cursor or turn the direction of writing, as U+FFFD.
[[nodiscard]] QString visibleText(std::string_view utf8);
//! "Jo Bloggs <jo@court.example>"; an international domain as its A-label, which can't look like
//! another.
[[nodiscard]] QString mailboxText(const mail::Mailbox &mailbox);
//! A header's date as our own are written; as it stands where it is none.
[[nodiscard]] QString dateText(const std::string &date);
//! "On 2 March 2026, 10:00, Jo Bloggs wrote:", above what an answer quotes.
[[nodiscard]] QString quotationLine(const receive::ShownHeaders &headers);

} // namespace sealpost::wording
