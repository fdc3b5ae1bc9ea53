// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

namespace sealpost::policy {

//! The schema's rows as a JSON Schema (2020-12) of policy documents, for editors and other tools:
//! resources/schema/policy.schema.json. It can't say all that the parser checks (a domain's form,
//! each word once), but refuses nothing that the parser takes.
[[nodiscard]] QJsonObject schemaJson();

} // namespace sealpost::policy
