// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "net/ByteStream.h"

#include <memory>
#include <string>

namespace sealpost::net {

//! A stream to the host (A-label) through the proxy that the environment names (all_proxy, else
//! https_proxy; not for what is in no_proxy; in either case of letters), or, where it says nothing
//! of proxies, the desktop's settings. Null where there is none for this host. SOCKS5 (RFC 1928,
//! 1929) or HTTP CONNECT (RFC 9110 §9.3.6), with the name and password that stand beside the
//! proxy's name; the proxy looks the host's name up. It sees the name and no more: what is said
//! through it is the caller's, who begins with TLS as ever.
//! Retry "proxy.unreachable", "proxy.no-way" (it can't reach the host; detail: its code),
//! "proxy.garbage", "proxy.deadline", "net.stopped"; AskAdmin "proxy.sign-in" (it wants a name and
//! password, or others), "proxy.refused" (detail: its code), "proxy.kind" (detail: the scheme),
//! "app.incomplete". The proxy is the subject.
[[nodiscard]] Result<std::unique_ptr<ByteStream>>
connectByProxy(const std::string &host, Port port, Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::net
