// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: gzip in one go, twice as fast as in small steps.
#pragma once

#include "base/Units.h"

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::scan {

//! The content of a gzip file (RFC 1952). None where it is damaged, larger than `limit` or of
//! several members: then it has to be read step by step.
[[nodiscard]] std::optional<std::string> gunzip(std::string_view bytes, ByteCount limit);

} // namespace sealpost::scan
