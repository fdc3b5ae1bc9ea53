// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/Policy.h"
#include "send/SendPlan.h"

#include <vector>

namespace sealpost::send {

//! A plan's decision as messages on the wire. Recipients that share a route go together; a Bcc
//! recipient always stands alone, so that no other can see it in any layer. Whoever is blocked is
//! in none.
[[nodiscard]] std::vector<Transmission> transmissionsOf(const SendPlan &plan,
                                                        const policy::OmePolicy &ome);

} // namespace sealpost::send
