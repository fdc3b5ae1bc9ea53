// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: what the desktop's settings say of proxies.
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"

#include <stop_token>
#include <string>

namespace sealpost::net::curl {

struct Proxy {
    std::string url; //!< "http://host:port" or "socks5h://host:port"; empty: none
    std::string user;
    std::string password;
};

//! Whether the environment says anything of proxies for https; then it alone counts, and libcurl
//! reads it by itself.
[[nodiscard]] bool environmentSpeaksOfProxies();

//! The first usable proxy that GNOME's, KDE's, Windows' or macOS' settings name for a URL. They can
//! have a script that the network takes its time to deliver: Retry "http.failed" after some
//! seconds, "http.stopped". Any thread.
[[nodiscard]] Result<Proxy> desktopProxy(const std::string &url, Deadline deadline,
                                         const std::stop_token &stop);

} // namespace sealpost::net::curl
