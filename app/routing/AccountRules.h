// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "routing/Route.h"

#include <vector>

//! What an account must be for ways that not every account may use; asked when a message is
//! planned, and again of one that has waited.
namespace sealpost::routing {

//! What speaks against sending through CJSM from this account, on this computer.
[[nodiscard]] std::vector<ReasonId> againstCjsm(const AccountFacts &account,
                                                const policy::Policy &policy);

//! Whether mail from the account is Office 365's to encrypt: by its server, its tenant's domain,
//! and nothing that speaks against it.
[[nodiscard]] bool isOnOmeTenant(const AccountFacts &account, const policy::OmePolicy &ome);

//! Whether Office 365 Message Encryption is set up at all: a tenant, and what its rule looks for.
[[nodiscard]] bool isOmeSetUp(const policy::OmePolicy &ome);

} // namespace sealpost::routing
