// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "net/ByteStream.h"

#include <memory>
#include <string>
#include <vector>

namespace sealpost::net {

//! Connects to the first of the addresses (IPv4 or IPv6 literals) that accepts, as RFC 8305 has it
//! ("happy eyeballs"): the families take turns, IPv6 begins, each gets a head start of 250 ms or
//! until it fails, and the others are dropped once one stands. So a broken IPv6 costs a moment, and
//! a dead address doesn't use up the time of the next. Retry "net.refused", "net.unreachable",
//! "net.deadline", "net.stopped"; Error::subject is "address:port".
[[nodiscard]] Result<std::unique_ptr<ByteStream>>
connectTcp(const std::vector<std::string> &addresses, Port port, Deadline deadline,
           const std::stop_token &stop);

//! A listening socket on a loopback address; for practice mode and tests.
class TcpListener {
public:
    //! Port 0: the system's choice. AskAdmin "net.listen".
    [[nodiscard]] static Result<std::unique_ptr<TcpListener>> listen(const std::string &address,
                                                                     Port port);
    ~TcpListener();
    TcpListener(const TcpListener &) = delete;
    TcpListener &operator=(const TcpListener &) = delete;
    [[nodiscard]] Port port() const;
    //! Waits for a connection. Retry "net.deadline", "net.stopped".
    [[nodiscard]] Result<std::unique_ptr<ByteStream>> accept(Deadline deadline,
                                                             const std::stop_token &stop);

private:
    struct Private;
    explicit TcpListener(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::net
