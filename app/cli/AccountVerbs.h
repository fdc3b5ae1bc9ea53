// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Command.h"
#include "store/AccountStore.h"

#include <memory>

namespace sealpost::cli {

//! The accounts of this profile.
[[nodiscard]] Result<std::shared_ptr<store::AccountStore>> openAccounts(Context &context);

} // namespace sealpost::cli
