// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sealpost::wording {

//! A message that asks somebody for their certificate: it is signed, so that they can encrypt at
//! once, and says step by step how they answer so that one can encrypt to them.
struct AskMessage {
    QString subject;
    QString body;
};
[[nodiscard]] AskMessage askForCertificate(const QString &ownName);

} // namespace sealpost::wording
