// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Account.h"

#include <QJsonObject>

namespace sealpost::cli {

//! One account as `account list` tells of it; nothing secret is in an account.
[[nodiscard]] QJsonObject toJson(const mail::Account &account);

} // namespace sealpost::cli
