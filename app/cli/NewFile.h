// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>

namespace sealpost::cli {

//! Into a new file for its owner alone; nothing is written over. FixInput "extract.failed" with the
//! name as subject.
[[nodiscard]] Result<void> writeNew(const std::string &name, std::string_view bytes);

} // namespace sealpost::cli
