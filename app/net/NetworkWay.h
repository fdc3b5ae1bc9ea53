// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sealpost::net {

//! How a server is reached.
enum class NetworkWay {
    Direct,
    SystemProxy, //!< by the proxy that the computer's settings name for it, where they name one
};

} // namespace sealpost::net
