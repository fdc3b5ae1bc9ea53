// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Draft.h"
#include "receive/OpenedMessage.h"

#include <span>
#include <string>

namespace sealpost::receive {

enum class AnswerTo { Sender, Everyone };

//! An answer to a message that is shown, as far as it can be written for a person: recipients,
//! subject, quoted text, and no less protection than the message had: its classification by its
//! markings or its signature's label, and S/MIME where it was encrypted.
//!
//! What is quoted goes to whoever From names, so of an encrypted message nothing is quoted unless
//! its sender is verified: somebody may have sent on a stranger's ciphertext to get it back in the
//! clear. Reply-To is not heeded for the same reason. `own`: addresses that need no copy
//! (addr-spec); `introduction`: the line above what is quoted.
[[nodiscard]] mail::Draft answerTo(const OpenedMessage &message, AnswerTo whom,
                                   std::span<const std::string> own,
                                   const std::string &introduction);

//! Whether answerTo() quotes the text.
[[nodiscard]] bool mayBeQuoted(const OpenedMessage &message);

//! The highest that subject, text and label say; OFFICIAL where none says anything.
[[nodiscard]] Classification classificationOf(const OpenedMessage &message);

} // namespace sealpost::receive
