// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/HttpsModule.h"

namespace sealpost::net::curl {

//! HttpsModule::ldap.
[[nodiscard]] Result<std::string> ldapSearch(const LdapSearch &search, Deadline deadline,
                                             std::stop_token stop);

} // namespace sealpost::net::curl
