// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace sealpost::crypto {

//! What ties a login to the TLS connection that it runs over (RFC 5056): one that sits in the
//! middle has another. At most one of the two is filled.
struct ChannelBinding {
    std::string exporter; //!< tls-exporter (RFC 9266): TLS 1.3
    std::string unique;   //!< tls-unique (RFC 5929): TLS 1.2 with the extended master secret

    [[nodiscard]] bool empty() const { return exporter.empty() && unique.empty(); }
};

} // namespace sealpost::crypto
