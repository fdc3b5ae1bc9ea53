// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/Policy.h"
#include "send/MessageComposer.h"
#include "send/SendPlan.h"

#include <vector>

namespace sealpost::send {

//! A plan's decision as messages on the wire. Recipients that share a route and a text (who is to
//! get another disclaimer gets another text) go together; a Bcc recipient always stands alone, so
//! that no other can see it in any layer. Whoever is blocked is in none.
[[nodiscard]] std::vector<Transmission> transmissionsOf(const SendPlan &plan,
                                                        const MessageComposer &composer,
                                                        const policy::OmePolicy &ome, Time now);

} // namespace sealpost::send
