// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/Policy.h"
#include "scan/Finding.h"

#include <vector>

namespace sealpost::routing {

//! Whether policy lets a person say that the finding is wrong. Never for a marking above OFFICIAL,
//! nor for anything else that calls for one.
[[nodiscard]] bool mayDismiss(const scan::Finding &finding, const policy::Policy &policy);

//! Whether a person has said so, and may. What claims to be dismissed and may not be stands.
[[nodiscard]] bool isDismissed(const scan::Finding &finding, const policy::Policy &policy);

//! The findings that the decision goes by.
[[nodiscard]] std::vector<scan::Finding> standing(const std::vector<scan::Finding> &findings,
                                                  const policy::Policy &policy);

} // namespace sealpost::routing
