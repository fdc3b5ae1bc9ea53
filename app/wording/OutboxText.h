// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Outbox.h"

#include <QString>
#include <QStringList>

namespace sealpost::wording {

//! What is known of an entry of the outbox, a sentence each: how it stands, and what to do.
[[nodiscard]] QStringList outboxSentences(const store::OutboxEntry &entry);
//! The evidence of its last try, a line each: server, TLS, answer, and each recipient's.
[[nodiscard]] QStringList outboxEvidence(const store::OutboxEntry &entry);

} // namespace sealpost::wording
