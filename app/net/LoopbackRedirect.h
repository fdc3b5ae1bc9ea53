// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/TcpStream.h"

#include <memory>
#include <string>

namespace sealpost::net {

//! Where a browser is sent back to after a person has signed in (RFC 8252 §7.3): a listener on
//! loopback, on a port of the system's choice, for one answer.
class LoopbackRedirect {
public:
    //! AskAdmin "net.listen".
    [[nodiscard]] static Result<LoopbackRedirect> listen();
    //! "http://127.0.0.1:PORT/"
    [[nodiscard]] std::string uri() const;
    //! The query of the first GET of that path that has one, without "?", undecoded; at most 16
    //! KiB. The browser is shown `page` (HTML, UTF-8). Any other request is answered with 404 and
    //! ends nothing. Retry "net.deadline", "net.stopped".
    [[nodiscard]] Result<std::string> wait(const std::string &page, Deadline deadline,
                                           const std::stop_token &stop);

private:
    explicit LoopbackRedirect(std::unique_ptr<TcpListener> listener)
        : m_listener(std::move(listener)) {}
    std::unique_ptr<TcpListener> m_listener;
};

} // namespace sealpost::net
