// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/Units.h"
#include "net/ByteStream.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

//! What the POSIX sources of this room share; for them alone.
namespace sealpost::net {

//! How long a wait goes on before it looks at the stop token again.
constexpr std::chrono::milliseconds kStopInterval{50};

//! Owns a file descriptor.
class Socket {
public:
    explicit Socket(int descriptor) : m_descriptor(descriptor) {}
    ~Socket() { close(); }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    Socket(Socket &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    Socket &operator=(Socket &&other) noexcept {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }

    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] bool open() const { return m_descriptor >= 0; }
    void close() {
        if (open()) {
            ::close(std::exchange(m_descriptor, -1));
        }
    }

private:
    int m_descriptor;
};

//! errno's words.
[[nodiscard]] std::string words(int error);

//! Until the socket is ready for `events`, or has failed (which the next call on it tells).
[[nodiscard]] Result<void> waitFor(int descriptor, short events, Deadline deadline,
                                   const std::stop_token &stop, std::string_view stage);

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

[[nodiscard]] std::optional<SocketAddress> socketAddress(const std::string &literal, Port port);
//! Non-blocking.
[[nodiscard]] Socket newSocket(const SocketAddress &address);
//! "192.0.2.1:25" or "[2001:db8::1]:25"
[[nodiscard]] std::string endpoint(const std::string &literal, Port port);
//! Takes a connected socket over.
[[nodiscard]] std::unique_ptr<ByteStream> streamOver(Socket socket);

} // namespace sealpost::net
