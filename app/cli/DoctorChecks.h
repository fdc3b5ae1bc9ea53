// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Context.h"

#include <QString>
#include <vector>

namespace sealpost::cli {

enum class Health { Ok, Warning, Fault };

//! One line of the doctor: what was looked at, how it is, and its mend. Redacted: no address, no
//! subject, no secret, so that it can be pasted to a helpdesk.
struct HealthLine {
    QString what; //!< stable word: "gpgsm", "keychain"
    Health state = Health::Ok;
    QString text;
    QString mend; //!< empty where all is well
};

//! Everything that sending needs, in the order in which it is needed.
[[nodiscard]] std::vector<HealthLine> examine(Context &context);

} // namespace sealpost::cli
