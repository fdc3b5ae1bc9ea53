// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"

#include <QJsonObject>
#include <optional>

namespace sealpost::assurance {

//! The object of `sealpost-cli check --json` (docs/cli-json.md), which is also the cache's form.
[[nodiscard]] QJsonObject toJson(const DomainReport &report);
//! None where the object is not of that form.
[[nodiscard]] std::optional<DomainReport> reportFromJson(const QJsonObject &object);

} // namespace sealpost::assurance
