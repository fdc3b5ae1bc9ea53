// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Finding.h"
#include "scan/Scanner.h"
#include "send/SendPlan.h"

#include <QJsonObject>
#include <string>

namespace sealpost::cli {

//! The object of `plan --json` (docs/cli-json.md).
[[nodiscard]] QJsonObject toJson(const send::SendPlan &plan);
//! The object of `scan --json`, also an element of a plan's "findings".
[[nodiscard]] QJsonObject toJson(const scan::Finding &finding, const QString &path);
//! Path, why, and `detail` where there is one (the rule that gave up).
[[nodiscard]] QJsonObject toJson(const scan::Skipped &skipped);

} // namespace sealpost::cli
