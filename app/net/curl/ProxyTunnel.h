// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "net/curl/DesktopProxy.h"

#include <optional>

namespace sealpost::net::curl {

//! The proxy that the computer's settings name for a host; an empty one: none.
[[nodiscard]] Result<Proxy> proxyFor(const std::string &host, Port port, Deadline deadline,
                                     const std::stop_token &stop);

//! HttpsModule's function of this name.
[[nodiscard]] Result<std::optional<int>> tunnel(const std::string &host, Port port,
                                                Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::net::curl
